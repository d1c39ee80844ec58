using System.Diagnostics;
using IncidentActors.Cli;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Cli;

/// <summary>The client as a program whose output goes into pipes and files.</summary>
[Slow]
public sealed class PipeTests : IAsyncLifetime
{
    private readonly string file = Path.GetTempFileName();
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        File.Delete(file);
    }

    /// <summary><c>incident events | head -1</c>.</summary>
    [Fact]
    public async Task Following_ends_when_nobody_reads_any_more()
    {
        var incident = (await server.DeclareAsync("SEV-3", agent: "@dev")).Text("id");
        using var client = Start(new ProcessStartInfo("dotnet", [Client, "events", "--after", "start"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        Assert.NotNull(await client.StandardOutput.ReadLineAsync());
        client.StandardOutput.Close();
        await Eventually.TrueAsync(async () =>
        {
            (await server.PostAsync("/api/tools/incident_update", "@dev", new { incidentId = incident, command = "note", text = "is anybody there?" })).IsOk();
            return client.HasExited;
        }, "the end of the client");
        Assert.Equal(ExitCodes.OutputClosed, client.ExitCode);
        Assert.Equal("", await client.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task Two_runs_into_one_file_stand_behind_each_other()
    {
        await server.DeclareAsync("SEV-3", agent: "@dev");
        using var shell = Start(new ProcessStartInfo("sh", ["-c", "{ dotnet \"$0\" list; dotnet \"$0\" list; } > \"$1\"", Client, file]));
        await shell.WaitForExitAsync();
        Assert.Equal(2, File.ReadAllText(file).Split("acknowledged").Length - 1);
        Assert.All(File.ReadAllLines(file), line => Assert.Equal(line.TrimEnd(), line));
    }

    [Fact]
    public async Task A_full_disk_is_said()
    {
        using var shell = Start(new ProcessStartInfo("sh", ["-c", "dotnet \"$0\" list > /dev/full", Client]) { RedirectStandardError = true });
        Assert.Contains("Standard output cannot be written", await shell.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await shell.WaitForExitAsync();
        Assert.Equal(ExitCodes.Output, shell.ExitCode);
    }

    private static string Client => Path.Combine(AppContext.BaseDirectory, "incident.dll");

    private Process Start(ProcessStartInfo start)
    {
        start.Environment["INCIDENT_SERVER"] = server.Address.ToString();
        start.Environment["INCIDENT_AGENT"] = "@dev";
        return Process.Start(start)!;
    }
}
