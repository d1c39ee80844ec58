using IncidentActors.Server.Hosting;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Hosting;

/// <summary>A clock for trials runs fast, never goes back, and never touches data of the real clock.</summary>
public sealed class TrialClockTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("trial-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--journal", "--clock-speed", "60", "--data", "new", "--journal", "Host=x")]
    [InlineData("name one with --data", "--clock-speed", "60")]
    [InlineData("--probe", "--clock-speed", "60", "--data", "new", "--probe", "http://a.example")]
    [InlineData("is not empty", "--clock-speed", "60", "--data", "used")]
    public void It_is_refused_without_a_folder_of_its_own(string said, params string[] line)
    {
        Directory.CreateDirectory(Path.Combine(folder, "used", "artifacts"));
        var options = CommandLine.Parse(line, folder)!;
        if (options.Data != new ServerOptions().Data) options = options with { Data = Path.Combine(folder, options.Data) };
        var refused = Assert.Throws<StartFailure>(() => TrialClock.Of(options));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Arguments, refused.Code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("3601")]
    [InlineData("fast")]
    public void Its_speed_is_a_number_from_1_to_3600(string speed) =>
        Assert.Throws<StartFailure>(() => CommandLine.Parse(["--clock-speed", speed], folder));

    [Fact]
    public async Task It_goes_on_where_it_stood_with_another_speed_and_its_folder_is_its_own()
    {
        var options = new ServerOptions { Data = folder, ClockSpeed = 3600 };
        var clock = TrialClock.Of(options)!;
        clock.Keep();
        await Eventually.TrueAsync(() => clock.GetUtcNow() > TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1));
        var stood = clock.GetUtcNow();
        var slow = TrialClock.Of(options with { ClockSpeed = 1 })!;
        Assert.True(slow.GetUtcNow() > stood);
        var refused = Assert.Throws<StartFailure>(() => TrialClock.Of(options with { ClockSpeed = null }));
        Assert.Contains("Start it with --clock-speed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timers_run_by_it()
    {
        var clock = TrialClock.Of(new ServerOptions { Data = folder, ClockSpeed = 3600 })!;
        using var hour = new CancellationTokenSource(TimeSpan.FromHours(1), clock);
        await Eventually.TrueAsync(() => hour.IsCancellationRequested);
        using var late = new CancellationTokenSource(TimeSpan.FromDays(20), clock);
        late.CancelAfter(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => late.IsCancellationRequested);
    }

    [Fact]
    public async Task Its_pages_say_so_and_its_server_rings_in_seconds_what_is_due_in_hours()
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { Data = Path.Combine(folder, "own"), ClockSpeed = 3600 });
        Assert.Contains("the clock runs 3600 times as fast", (await server.GetAsync("/")).IsOk().Body, StringComparison.Ordinal);
        var cli = new Cli.CliRun { At = server.Address };
        var id = (await server.PostAsync("/api/incidents", "@dev", new { title = "Search is slow", severity = "SEV-3" })).Json.Text("id");
        await Eventually.TrueAsync(
            async () => (await server.GetAsync($"/api/incidents/{id}/timeline")).Body.Contains("incident.overdue", StringComparison.Ordinal),
            "the response clock of two hours");
        Assert.Equal(0, await cli.RunAsync("show", id));
        Assert.Matches("declared +[0-9dhms ]+ ago", cli.Output);
        await using var real = await ServerUnderTest.StartAsync();
        Assert.DoesNotContain("times as fast", (await real.GetAsync("/")).IsOk().Body, StringComparison.Ordinal);
    }
}
