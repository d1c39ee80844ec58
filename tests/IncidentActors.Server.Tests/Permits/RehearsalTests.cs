using IncidentActors.Server.Tests.Cli;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits;

/// <summary>A canary is halted, and for each path it is said whether it was seen to stop.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public async Task Each_path_is_stopped_or_not_known_and_real_work_goes_on()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/permits", "@sre", new { action = "deploy", target = "pay", path = "gateway" })).Is(System.Net.HttpStatusCode.Created);
        Assert.Contains("No halt rehearsal has been run yet", (await server.GetAsync("/halts")).IsOk().Body, StringComparison.Ordinal);
        var view = (await server.PostAsync("/api/halts/rehearse", "@operator", new { nonce = "n1" })).IsOk().Json;
        Assert.True(view.GetProperty("passed").GetBoolean(), view.ToString());
        Assert.Equal(("n1", "@canary-n1"), (view.Text("nonce"), view.Text("canary")));
        var paths = view.List("paths").ToDictionary(path => path.Text("path"), path => path.GetProperty("stopped").GetBoolean());
        Assert.True(paths["journal"] && paths["permit"] && paths["hook"] && paths["admission"] && paths.Single(path => path.Key.StartsWith("node ")).Value);
        Assert.False(paths["gateway"]);
        Assert.Empty((await server.GetAsync("/api/halts?state=active")).Items());
        Assert.Equal("open", (await server.GetAsync("/api/permits?agent=@sre")).Items()[0].Text("status"));
        Assert.Contains("A canary was halted", (await server.GetAsync("/halts")).IsOk().Body, StringComparison.Ordinal);
        (await server.PostAsync("/api/halts/rehearse", "@dev", new { })).Refused(403, "halt.role");
    }

    [Fact]
    public async Task On_the_command_line_a_real_guard_is_rehearsed_too()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var run = new CliRun { At = server.Address };
        Assert.Equal(0, await run.RunAsync("halt", "rehearse", "--agent", "@operator", "--nonce", "n2"));
        Assert.Contains("guard on this machine", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"guard on this machine\s+│?\s*stopped in \d+ ms", run.Output);
    }

    [Fact]
    public async Task The_schedule_rehearses_at_the_start()
    {
        await using var server = await ServerUnderTest.StartAsync(change: options => options with { RehearseEvery = TimeSpan.FromDays(1) });
        await Eventually.TrueAsync(
            async () => (await server.GetAsync("/halts")).Body.Contains("A canary was halted", StringComparison.Ordinal), "the scheduled rehearsal");
    }
}
