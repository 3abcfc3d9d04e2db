# Completes guard in PowerShell: `guard completions powershell | Out-String | Invoke-Expression`.
Register-ArgumentCompleter -Native -CommandName 'guard' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements |
        Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { $_.ToString() })
    # An empty argument does not reach a program in every version, so a new word is said by a flag.
    $fresh = if ($wordToComplete) { @() } else { @('--fresh') }
    $guard = Get-Command 'guard' -CommandType Application -ErrorAction SilentlyContinue |
        Select-Object -First 1
    if (-not $guard) { return }
    & $guard 'complete' @fresh '--' @words 2>$null | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if ($value -and -not $value.StartsWith(':')) {
            if (-not $about) { $about = $value }
            [System.Management.Automation.CompletionResult]::new(
                $value, $value, 'ParameterValue', $about)
        }
    }
}
