using System.Globalization;
using System.Net;
using System.Text.Json;
using IncidentActors.Cli.Guards;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits;

/// <summary><c>incident guard</c> as a real process: output, input, signals and exit codes pass through; a halt, a lost server, and a guard that is
/// stopped or killed end the command in time.</summary>
[Slow]
public sealed class GuardTests : IAsyncLifetime
{
    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Input_output_and_exit_code_pass_through_and_the_permit_is_reported()
    {
        const string Script = "read word; echo got $word $INCIDENT_PERMIT; echo trouble >&2; exit 7";
        using var guard = GuardProcess.Start(server.Address, "@sre", Script, "--action", "deploy", "--target", "pay");
        await guard.Input.WriteLineAsync("hello");
        var (exit, output, errors) = await guard.EndedAsync();
        Assert.Equal(7, exit);
        var permit = Assert.Single((await server.GetAsync("/api/permits")).Items());
        Assert.Equal($"got hello {permit.Text("id")}", output.Trim());
        Assert.Contains("trouble", errors, StringComparison.Ordinal);
        Assert.Equal(("failed", "guard", "exit code 7"), (permit.Text("status"), permit.Text("path"), permit.Text("notes")));
        Assert.StartsWith("sha256:", permit.Text("digest"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_halt_stops_the_whole_group_also_what_is_deaf_to_SIGTERM_and_the_exit_code_is_4()
    {
        const string Script = $"setsid sh -c 'echo daemon $$; exec sleep 100000' & {GuardProcess.Stubborn}";
        using var guard = GuardProcess.Start(
            server.Address, "@sre", Script, "--action", "deploy", "--target", "pay", "--grace", "1");
        var command = await guard.Command;
        var daemon = await guard.SaysAsync("daemon ");
        var halt = await HaltAsync("service:pay");
        var (exit, _, errors) = await guard.EndedAsync();
        Assert.Equal(4, exit);
        Assert.Contains(halt, errors, StringComparison.Ordinal);
        Assert.False(GuardProcess.IsAlive(command));
        Assert.False(GuardProcess.IsAlive(int.Parse(daemon, CultureInfo.InvariantCulture)));
        var permits = (await server.GetAsync($"/api/halts/{halt}")).IsOk().Json.GetProperty("permits");
        Assert.Equal((1, 1), (permits.GetProperty("atRaise").GetInt32(), permits.GetProperty("confirmed").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.String, permits.GetProperty("quietAt").ValueKind);
        using var refused = GuardProcess.Start(server.Address, "@sre", "echo ran", "--action", "restart", "--target", "pay");
        var second = await refused.EndedAsync();
        Assert.Equal((4, ""), (second.Exit, second.Output));
    }

    [Fact]
    public async Task The_report_waits_for_a_server_that_is_started_again()
    {
        var data = Directory.CreateTempSubdirectory("incident-guard-").FullName;
        await using (var killed = new ServerProcess("--data", data))
        {
            await killed.StartAsync();
            using var guard = GuardProcess.Start(killed.Client.BaseAddress!, "@sre", $"kill -9 {killed.Id}; exit 7", "--action", "shell");
            await killed.EndAsync();
            await killed.StartAsync();
            Assert.Equal((7, ""), await guard.EndedAsync() is var (exit, _, errors) ? (exit, errors) : default);
            using var permits = JsonDocument.Parse(await killed.GetStringAsync("/api/permits"));
            Assert.Equal("failed", Assert.Single(permits.RootElement.List("items")).Text("status"));
        }

        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Signals_are_the_commands_own()
    {
        using var guard = GuardProcess.Start(server.Address, "@sre", "trap 'exit 9' TERM; echo pid $$; while :; do sleep 1; done", "--action", "shell");
        await guard.Command;
        guard.Signal("TERM");
        Assert.Equal(9, (await guard.EndedAsync()).Exit);
    }

    [Fact]
    public async Task A_command_goes_on_longer_than_its_permit_because_it_is_renewed()
    {
        using var guard = GuardProcess.Start(server.Address, "@sre", "echo pid $$; read line; exit 0", "--action", "shell", "--seconds", "16");
        await guard.Command;
        var first = await UntilAsync();
        await Eventually.TrueAsync(async () => await UntilAsync() > first.AddSeconds(4), "a renewal");
        await guard.Input.WriteLineAsync();
        Assert.Equal(0, (await guard.EndedAsync()).Exit);
    }

    [Fact]
    public async Task A_guard_that_is_stopped_or_killed_does_not_keep_its_command_alive()
    {
        using var frozen = GuardProcess.Start(server.Address, "@sre", GuardProcess.Stubborn, "--action", "shell", "--seconds", "20");
        using var killed = GuardProcess.Start(server.Address, "@sre", GuardProcess.Stubborn, "--action", "shell", "--grace", "1");
        var (one, other) = (await frozen.Command, await killed.Command);
        frozen.Signal("STOP");
        killed.Signal("KILL");
        await Eventually.TrueAsync(() => Task.FromResult(!GuardProcess.IsAlive(one)), "the end of the frozen guard's command");
        await Eventually.TrueAsync(() => Task.FromResult(!GuardProcess.IsAlive(other)), "the end of the killed guard's command");
    }

    [Fact]
    public async Task A_watchdog_that_is_killed_is_replaced_and_still_ends_the_command_of_a_frozen_guard()
    {
        using var guard = GuardProcess.Start(server.Address, "@sre", GuardProcess.Stubborn, "--action", "shell", "--seconds", "20");
        var command = await guard.Command;
        var first = Assert.Single(guard.Watchdogs());
        GuardProcess.Send("KILL", first);
        await Eventually.TrueAsync(() => Task.FromResult(guard.Watchdogs() is [var next] && next != first), "the next watchdog");
        // It is told of the permit when it has been started, and again at each renewal.
        var until = await UntilAsync();
        await Eventually.TrueAsync(async () => await UntilAsync() > until, "a renewal");
        guard.Signal("STOP");
        await Eventually.TrueAsync(() => Task.FromResult(!GuardProcess.IsAlive(command)), "the end of the frozen guard's command");
    }

    [Fact]
    public async Task A_guard_ends_though_its_watchdog_is_killed_at_the_same_time()
    {
        for (var round = 0; round < 10; round++)
        {
            var watchdog = Watchdog.Start();
            GuardProcess.Send("KILL", watchdog.Id);
            await Task.Run(watchdog.Dispose).EndsAsync("the end of a killed watchdog");
        }
    }

    [Fact]
    public async Task What_the_command_leaves_running_is_stopped_with_its_end()
    {
        const string Script = "setsid sh -c 'echo daemon $$; exec sleep 100000' & sh -c 'echo child $$; exec sleep 100000' & read over; exit 7";
        using var guard = GuardProcess.Start(server.Address, "@sre", Script, "--action", "shell", "--grace", "1");
        string[] left = [await guard.SaysAsync("daemon "), await guard.SaysAsync("child ")];
        await guard.Input.WriteLineAsync();
        var (exit, _, errors) = await guard.EndedAsync();
        Assert.Equal(7, exit);
        Assert.Contains("left running", errors, StringComparison.Ordinal);
        Assert.All(left, process => Assert.False(GuardProcess.IsAlive(int.Parse(process, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task A_server_that_is_lost_ends_the_command_at_the_permits_end_and_not_before()
    {
        var proxy = new CutProxy(server.Address.Port);
        var between = new Uri($"http://127.0.0.1:{proxy.Port}");
        using var guard = GuardProcess.Start(between, "@sre", GuardProcess.Forever, "--action", "shell", "--seconds", "20");
        var command = await guard.Command;
        await proxy.DisposeAsync();
        Assert.True(GuardProcess.IsAlive(command));
        Assert.Equal(3, (await guard.EndedAsync()).Exit);
        Assert.False(GuardProcess.IsAlive(command));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_as_shells_do()
    {
        var run = new Cli.CliRun { At = server.Address };
        Assert.Equal(127, await run.RunAsync("guard", "--agent", "@sre", "--", "no-such-program"));
        Assert.Equal("failed", Assert.Single((await server.GetAsync("/api/permits")).Items()).Text("status"));
    }

    /// <summary>When the only permit ends.</summary>
    private async Task<DateTimeOffset> UntilAsync() =>
        Assert.Single((await server.GetAsync("/api/permits")).Items()).GetProperty("until").GetDateTimeOffset();

    private async Task<string> HaltAsync(string scope) =>
        (await server.PostAsync("/api/halts", "@operator", new { scope, reason = "stop" })).Is(HttpStatusCode.Created).Json.Text("id");
}
