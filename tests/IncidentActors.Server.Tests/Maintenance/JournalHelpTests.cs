using System.Diagnostics;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Maintenance;

[Slow]
public sealed class JournalHelpTests
{
    [Theory]
    [InlineData("journal", "incident journal [command] [options]")]
    [InlineData("import", "incident import <FILE> [options]")]
    public async Task The_help_names_the_command_that_people_call(string verb, string usage)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "incident-server.dll"), verb, "--help"])
        {
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        Assert.Contains(usage, said);
        Assert.DoesNotContain("incident-server", said);
    }
}
