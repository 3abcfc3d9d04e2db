# What happens on a disk without a byte left, in a mount name space of the test's own.
# Called as: sh full_disk.sh DISK OUT GUARD; every step leaves its code and its outputs in OUT.
set -u
disk=$1 out=$2 guard=$3
mount -t tmpfs -o size=4m full "$disk" || exit 1
touch "$out/mounted"

note() {
    name=$1
    shift
    "$@" >"$out/$name.out" 2>"$out/$name.err" </dev/null
    echo $? >"$out/$name.code"
}
fill() {
    dd if=/dev/zero of="$disk/fill" bs=4096 2>"$out/fill"
    ! echo x 2>/dev/null >>"$disk/probe" || exit 97
}
free() {
    rm "$disk/fill" "$disk/probe"
}
# Everything that lies there, with its content and its mode, but for what git itself gave up on.
state() {
    find "$disk" ! -path "$disk/fill" ! -path "$disk/probe" ! -name 'tmp_obj_*' ! -type d | sort | while read -r file; do
        echo "$file $(stat -c %a "$file") $(cksum <"$file")"
    done >"$out/$1"
}

mkdir "$disk/home" || exit 98
export HOME="$disk/home" XDG_CONFIG_HOME="$disk/home/.config" XDG_STATE_HOME="$disk/home/.state"
cd "$disk" && git init -q -b main repo && cd repo || exit 98
printf 'commands:\n  fine: { run: "true {files}", files: ["*.txt"] }\n' >guard.yaml
printf '#!/bin/sh\nexit 0\n' >.git/hooks/pre-push && chmod +x .git/hooks/pre-push
git add -A && git commit -q -m base || exit 98
echo a >a.txt && git add a.txt || exit 98

fill
state before-install
note install-full "$guard" install
state after-install
free
note install "$guard" install

echo old >"$disk/report"
fill
state before
note run-full "$guard" run pre-commit
note report-full "$guard" run pre-commit --format json --output "$disk/report"
note new-report-full "$guard" run pre-commit --format json --output "$disk/new"
note commit-full git commit -q -m a
note bypass-full env GUARD=0 git commit -q -m a
state after
free

note report "$guard" run pre-commit --format json --output "$disk/report"
note commit git commit -m a
cp "$disk/report" "$out/report"
git log --format=%s >"$out/log"

fill
note uninstall-full "$guard" uninstall
ls .git/hooks | grep -v sample >"$out/hooks"
cat .git/hooks/pre-push >"$out/pre-push"
exit 0
