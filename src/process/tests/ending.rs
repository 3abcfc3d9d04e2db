//! How jobs end: in time, too late, cancelled, and with services left behind.

use super::super::signal::Interruption;
use super::*;

/// Longer than any test waits, so that one that hangs is seen.
const FOREVER: &str = "300";

/// Cancels the script as soon as it says `ready`.
fn cancelled_when_ready(script: &Script, by: &[Interruption]) -> (End, String) {
    cancelled_when(script, &|text| text.contains("ready"), by)
}

/// Cancels the script once what it said is enough.
fn cancelled_when(
    script: &Script,
    enough: &dyn Fn(&str) -> bool,
    by: &[Interruption],
) -> (End, String) {
    let mut text = String::new();
    let end = script.run(&mut |part| {
        text.push_str(part);
        if !script.cancel.is_cancelled() && enough(&text) {
            for by in by {
                script.cancel.cancel(*by);
            }
        }
    });
    (end.unwrap(), text)
}

fn is_there(pid: &str) -> bool {
    std::process::Command::new("kill")
        .args(["-0", pid])
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap()
        .success()
}

fn kill(pid: &str) {
    let _ = std::process::Command::new("kill")
        .args(["-9", pid])
        .status();
}

/// The numbers that a script printed.
fn pids(text: &str) -> Vec<&str> {
    text.split_whitespace()
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        .collect()
}

#[test]
fn a_job_out_of_time_is_ended_with_its_children() {
    let mut script = Script::new(&format!("sleep {FOREVER} & echo $!; sleep {FOREVER}"));
    script.time = Some(Duration::from_secs(1));
    let began = Instant::now();
    let (end, text) = script.output();
    assert_eq!(end, End::TimedOut);
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(pids(&text).len(), 1, "{text}");
    assert!(!is_there(pids(&text)[0]));
}

#[test]
fn a_job_that_the_terminal_stopped_is_ended_with_its_children() {
    // What the system sends to a background group that reads the terminal, or changes it.
    for signal in ["TTIN", "TTOU"] {
        let mut script = Script::new(&format!(
            "sleep {FOREVER} & echo $!; kill -{signal} 0; echo no"
        ));
        script.time = Some(Duration::from_secs(30));
        let (end, text) = script.output();
        assert_eq!(end, End::Stopped);
        assert_eq!(pids(&text).len(), 1, "{text}");
        assert!(!is_there(pids(&text)[0]));
    }
}

#[test]
fn a_job_in_time_is_left_alone() {
    let mut script = Script::new("echo fine");
    script.time = Some(Duration::from_mins(1));
    assert_eq!(script.output(), (End::Exited(0), "fine\n".to_owned()));
}

#[test]
fn a_cancelled_job_never_starts_another() {
    let script = Script::new("echo no");
    script.cancel.cancel(Interruption::Terminate);
    assert_eq!(script.output(), (End::Cancelled, String::new()));
}

#[test]
#[cfg(target_os = "linux")]
fn nobody_escapes_by_a_session_a_second_fork_or_an_empty_environment() {
    let script = Script::new(&format!(
        "setsid sleep {FOREVER} & echo $!\n\
         setsid sh -c 'sleep {FOREVER} & echo $!; sleep {FOREVER} & echo $!'\n\
         (setsid sh -c 'trap \"\" TERM HUP; echo $$; while :; do sleep 0.05; done' &)\n\
         (RAILGUARD_JOB=$RAILGUARD_JOB/inner setsid sh -c 'echo $$; exec sleep {FOREVER}' &)\n\
         env -i setsid sh -c 'echo $$; exec sleep {FOREVER}' &\n\
         setsid sh -c 'kill -STOP $$' & echo $!\n\
         wait; sleep {FOREVER}"
    ));
    let all_there = |text: &str| text.ends_with('\n') && pids(text).len() == 7;
    let (end, text) = cancelled_when(&script, &all_there, &[Interruption::Interrupt]);
    assert_eq!(end, End::Cancelled);
    for pid in pids(&text) {
        // Not even a zombie: its entry is gone.
        assert!(!Path::new("/proc").join(pid).exists(), "{pid} of {text}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_neighbour_s_processes_live_on() {
    let neighbour = Script::new(&format!("(setsid sleep {FOREVER} & echo $!); exit 0"));
    let (end, text) = neighbour.output();
    assert_eq!(end, End::Exited(0));
    let daemon = pids(&text)[0].to_owned();
    let script = Script::new(&format!("echo ready; sleep {FOREVER}"));
    let (end, _) = cancelled_when_ready(&script, &[Interruption::Terminate]);
    assert_eq!(end, End::Cancelled);
    let lives = is_there(&daemon);
    kill(&daemon);
    assert!(lives);
}

#[test]
fn a_service_left_behind_holds_nobody_up_and_lives() {
    let script = Script::new(&format!("sleep {FOREVER} & echo $!"));
    let (end, text) = script.output();
    assert_eq!(end, End::Exited(0));
    let daemon = pids(&text)[0];
    let lives = is_there(daemon);
    kill(daemon);
    assert!(lives);
}

#[test]
fn what_the_last_children_write_just_behind_still_counts() {
    let (_, text) = Script::new("(echo late) & exit 0").output();
    assert_eq!(text, "late\n");
}

#[test]
fn one_that_will_not_go_is_ended() {
    let stubborn = "trap '' TERM INT HUP; echo ready; while :; do sleep 0.05; done";
    let (end, _) = cancelled_when_ready(&Script::new(stubborn), &[Interruption::HangUp]);
    assert_eq!(end, End::Cancelled);
}

#[test]
fn a_farewell_longer_than_the_pipe_is_heard() {
    let script = Script::new(
        "trap 'yes bye | head -n 100000; exit 0' TERM; echo ready; while :; do sleep 0.01; done",
    );
    let (end, text) = cancelled_when_ready(&script, &[Interruption::Terminate]);
    assert_eq!(end, End::Cancelled);
    assert!(text.matches("bye").count() > 50_000, "{}", text.len());
}

#[test]
fn a_second_ctrl_c_does_not_ask() {
    let script = Script::new("trap 'echo asked' TERM; echo ready; while :; do sleep 0.01; done");
    let twice = [Interruption::Interrupt, Interruption::Interrupt];
    let (end, text) = cancelled_when_ready(&script, &twice);
    assert_eq!((end, &*text), (End::Cancelled, "ready\n"));
}

#[test]
fn parallel_jobs_see_only_their_own_variables() {
    let texts: Vec<String> = std::thread::scope(|scope| {
        let jobs: Vec<_> = (0..8)
            .map(|number| {
                scope.spawn(move || {
                    let mut script = Script::new("echo $OWN ${OTHER-none}");
                    let extra = BTreeMap::from([("OWN".to_owned(), number.to_string())]);
                    let path = Environment::of("/", [("PATH", "/usr/bin:/bin")]);
                    script.variables = Variables::of(&path, &[], &extra);
                    script.output().1
                })
            })
            .collect();
        jobs.into_iter().map(|job| job.join().unwrap()).collect()
    });
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(text, &format!("{number} none\n"));
    }
}
