using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using IncidentActors.Cli;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Drill;

/// <summary>The drill as people start it: real processes, real HTTP.</summary>
[Slow]
public sealed class DrillProcessTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drill test ").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_emergency_takes_six_rows_and_halts_everything_else()
    {
        var (exit, output, error) = await RunAsync("drill", "--json", "--agents", "6");
        Assert.True(exit == ExitCodes.Ok, output + error);
        var result = JsonDocument.Parse(output).RootElement;
        Assert.True(result.GetProperty("passed").GetBoolean());
        var rows = result.GetProperty("rows").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], rows.Select(row => row.GetProperty("row").GetInt32()));
        Assert.All(rows, row => Assert.Equal(1, row.GetProperty("notified").GetInt32()));
        Assert.Equal("Closed", result.GetProperty("status").GetString());
        Assert.StartsWith("AT-POST-", result.GetProperty("followUps")[0].GetString(), StringComparison.Ordinal);
        Assert.True(result.GetProperty("refusals").GetInt32() >= 7);
        Assert.True(result.GetProperty("quietAt").GetDateTimeOffset() <= result.GetProperty("mustEndBy").GetDateTimeOffset());
        var guarded = result.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("check").GetString()!.StartsWith("the guarded command"));
        Assert.Contains("exit code 4", guarded.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var report = result.GetProperty("report").GetString()!;
        Assert.Contains("- Quiet at ", File.ReadAllText(report), StringComparison.Ordinal);
        Assert.StartsWith(folder, report, StringComparison.Ordinal);
        Assert.Contains(result.GetProperty("incident").GetString()!, File.ReadAllText(report), StringComparison.Ordinal);
    }

    /// <summary>24 hours in less than half a minute.</summary>
    [Fact]
    public async Task A_postmortem_that_nobody_writes_is_escalated_when_its_day_is_over()
    {
        var (exit, output, error) = await RunAsync("drill", "--agents", "1", "--speed", "3600");
        Assert.True(exit == ExitCodes.Ok, output + error);
        Assert.Contains("is not written within 24h, and people are notified", output, StringComparison.Ordinal);
        Assert.Contains("told @pm, @operator", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hotfix")]
    [InlineData("critical-response")]
    [InlineData("emergency-hotfix")]
    public async Task Other_flows_are_walked_from_their_tables(string flow)
    {
        var (exit, output, error) = await RunAsync("drill", "--flow", flow, "--agents", "2");
        Assert.True(exit == ExitCodes.Ok, output + error);
        Assert.Contains("PASSED", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tests", "8 11 28 31 37")]
    [InlineData("security", "10 14 28 31 37")]
    [InlineData("deploy", "16 18 20 37")]
    [InlineData("stability", "17 22 23 37")]
    public async Task What_goes_wrong_is_walked_to_its_rollback(string failure, string rows)
    {
        var (exit, output, error) = await RunAsync("drill", "--flow", "emergency-hotfix", "--fail", failure, "--agents", "1");
        Assert.True(exit == ExitCodes.Ok, output + error);
        Assert.Contains($" {rows})", output, StringComparison.Ordinal);
        Assert.Contains("✓ yes  what went wrong was rolled back", output, StringComparison.Ordinal);
        Assert.Contains("(rolls back)", output, StringComparison.Ordinal);
        Assert.StartsWith(
            "# Incident Report: INC-",
            await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder, "drill-report-*.md"))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_that_the_flow_has_not_is_said()
    {
        var (exit, _, error) = await RunAsync("drill", "--flow", "hotfix", "--fail", "stability");
        Assert.Equal(ExitCodes.Usage, exit);
        Assert.Contains("has no failure 'stability'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_start_is_said_with_its_log()
    {
        var program = Path.Combine(folder, "no server.dll");
        File.WriteAllText(program, "this is no program");
        var (exit, _, error) = await RunAsync("drill", "--server-program", program);
        Assert.Equal(ExitCodes.Refused, exit);
        Assert.Contains("FAILED: The server ended", error, StringComparison.Ordinal);
        Assert.Contains("no server", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_drill_that_is_killed_takes_its_server_with_it()
    {
        using var drill = Start("drill", "--watch-delay", "60000");
        var address = new Uri((await drill.StandardOutput.ReadLineAsync())!.Split(' ')[^1]);
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(() => IsReadyAsync(http), "the drill's server");
        drill.Kill();
        await drill.WaitForExitAsync();
        await Eventually.TrueAsync(async () => !await IsReadyAsync(http), "the end of the drill's server");
        // It answers no more before it has closed its files, which lie in this test's folder.
        await Eventually.TrueAsync(() => !Directory.GetDirectories("/proc").Any(IsHere), "the end of the server's process");
    }

    /// <summary>A process of this folder's <c>/proc</c> entry that was started with a path in the test's folder.</summary>
    private bool IsHere(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Contains(folder, StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No process, or one that has ended.
            return false;
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or SocketException)
        {
            return false;
        }
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "incident.dll"), .. args])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["INCIDENT_SERVER_PROGRAM"] = TestServerProgram.Path;
        start.Environment["TMPDIR"] = folder;

        // Real servers are started from this shell, too. Had the drill's server looked there, it would not have come up, or let nobody in.
        start.Environment["INCIDENT_JOURNAL"] = "Host=127.0.0.1;Port=1;Database=production;Username=x";
        start.Environment["INCIDENT_FIRST_TOKEN"] = new string('f', 64);
        return Process.Start(start)!;
    }
}

/// <summary>The server as it was built for these tests.</summary>
internal static class TestServerProgram
{
    public static string Path { get; } = IncidentActors.Cli.Drill.ServerProgram.Find(null, _ => null)
        ?? throw new FileNotFoundException($"no incident-server.dll beside the tests in {AppContext.BaseDirectory}");
}
