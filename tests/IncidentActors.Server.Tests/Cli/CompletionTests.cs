using System.Diagnostics;
using IncidentActors.Cli;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>The completion scripts, and that bash really completes with one.</summary>
[Slow]
public sealed class CompletionTests
{
    private readonly CliRun cli = new();

    [Theory]
    [InlineData("bash", "complete -o default -F _incident_completion incident")]
    [InlineData("zsh", "compdef _incident incident")]
    [InlineData("fish", "complete -c incident")]
    public async Task Every_shell_has_a_script_that_asks_the_program(string shell, string registers)
    {
        Assert.Equal(ExitCodes.Ok, await cli.RunAsync("completion", shell));
        Assert.Contains("[suggest:", cli.Output, StringComparison.Ordinal);
        Assert.Contains(registers, cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("incident mi", "mitigate")]
    [InlineData("incident mitigate INC-1 roll", "rollback")]
    [InlineData("incident declare x --severity ", "SEV-1 SEV-2 SEV-3 SEV-4")]
    [InlineData("incident flows show emergency-", "emergency-hotfix")]
    [InlineData("incident halt agent:", "@")]
    [InlineData("incident runbook dry-run INC-1 code", "code-rollback")]
    [InlineData("incident knowledge ex", "export")]
    [InlineData("incident report INC-1 --form ch", "chatroom")]
    public async Task Bash_completes(string line, string expected)
    {
        Assert.True(File.Exists("/bin/bash"), "bash is needed: the scripts ./run and ./incident are bash, too");
        await cli.RunAsync("completion", "bash");
        var script = $$"""
            incident() { dotnet '{{Path.Combine(AppContext.BaseDirectory, "incident.dll")}}' "$@"; }
            compopt() { :; }
            {{cli.Output}}
            COMP_LINE='{{line}}'; COMP_POINT={{line.Length}}
            # As bash parts words: at blanks, and at colons.
            IFS=' ' read -ra COMP_WORDS <<< "${COMP_LINE//:/ : }"
            [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=("")
            [[ $COMP_LINE == *: ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _incident_completion
            echo "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardOutput = true })!;
        var said = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal(expected, said.Trim());
    }
}
