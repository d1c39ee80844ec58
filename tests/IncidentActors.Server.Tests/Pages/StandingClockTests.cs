using System.Net;
using System.Text.RegularExpressions;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Server.Pages.Clocks;
using IncidentActors.Server.Tests.Http;
using IncidentActors.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>A clock of halted work stands on the page as it does in the engine.</summary>
public sealed class StandingClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_halted_incident_s_clocks_stand_and_go_on_with_what_was_left()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        var incident = (await server.DeclareAsync("SEV-3")).Text("id");
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        time.Advance(TimeSpan.FromMinutes(2));
        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = "all", reason = "Stop" })).Is(HttpStatusCode.Created).Json.Text("id");
        time.Advance(TimeSpan.FromMinutes(40));

        foreach (var path in new[] { $"/incidents/{incident}", "/" })
        {
            var page = await visitor.GetAsync(path);
            Assert.Matches(
                $"acknowledgement <time class=\"clock stands\" datetime=\"PT1H58M\" title=\"Paused by halt {halt}\">.*1h 58m left, paused",
                page);
        }

        (await server.PostAsync($"/api/halts/{halt}/lift", "@operator", new { })).IsOk();
        time.Advance(TimeSpan.FromMinutes(1));
        var after = await visitor.GetAsync($"/incidents/{incident}");
        Assert.DoesNotContain("left, paused", after, StringComparison.Ordinal);
        Assert.Matches("acknowledgement <time[^>]*>1h 57m left", after);
    }

    [Fact]
    public async Task A_halted_approval_and_due_time_stand_too()
    {
        var time = TestClock.Start();
        await using var server = await ServerUnderTest.StartAsync(options => options with { Time = time });
        var (atp, _) = await WaitingApprovalAsync(server);
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        var before = Left(await visitor.GetAsync("/inbox"));
        (await server.PostAsync("/api/halts", "@operator", new { scope = $"atp:{atp}", reason = "Stop" })).Is(HttpStatusCode.Created);
        time.Advance(TimeSpan.FromMinutes(3));

        foreach (var path in new[] { "/inbox", "/" }) Assert.Contains($"{before} left, paused", await visitor.GetAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clock_counts_only_the_time_before_it_rang()
    {
        var subject = new Subject("@dev");
        var first = Halt("H1", 2, 5);
        var overlapping = Halt("H2", 4, 7);
        var now = Start.AddMinutes(60);

        Assert.Equal(new RunningClock(Start.AddMinutes(15)), RunningClock.Of([first, overlapping], subject, Start, Start.AddMinutes(10), now));
        Assert.Equal(new RunningClock(Start.AddMinutes(1)), RunningClock.Of([first, overlapping], subject, Start, Start.AddMinutes(1), now));
        Assert.Equal(new RunningClock(now.AddMinutes(3), "H3"), RunningClock.Of(
            [first, overlapping, Halt("H3", 12, null)], subject, Start, Start.AddMinutes(10), now));
        Assert.Equal(new RunningClock(Start.AddMinutes(15)), RunningClock.Of(
            [first, overlapping, Halt("H3", 20, null)], subject, Start, Start.AddMinutes(10), now));
        Assert.Equal(new RunningClock(Start.AddMinutes(10)), RunningClock.Of([first], new Subject("@qa"), Start, Start.AddMinutes(10), now));
    }

    private static HaltRecord Halt(string id, int raised, int? lifted) =>
        new(
            id,
            HaltScope.TryParse("agent:@dev", out var scope) ? scope : throw new ArgumentException("no scope"),
            "",
            "@operator",
            null,
            false,
            Start.AddMinutes(raised),
            lifted is { } at ? Start.AddMinutes(at) : null);

    private static string Left(string page)
    {
        var left = Regex.Match(page, "class=\"card approval[^\"]*\".*?<time[^>]*>([^<]*) left", RegexOptions.Singleline);
        Assert.True(left.Success, "no approval has a clock");
        return left.Groups[1].Value;
    }

    internal static async Task<(string Atp, string Approval)> WaitingApprovalAsync(ServerUnderTest server)
    {
        var atp = (await server.DeclareAsync("SEV-1")).List("atps")[0].GetString()!;
        var directive = (await server.GetAsync("/api/agents/@dev/inbox"))
            .IsOk().Json
            .List("messages")
            .First(message => message.GetProperty("requiresAck").GetBoolean());
        (await server.PostAsync("/api/tools/message_ack", "@dev", new { messageId = directive.Text("id") })).IsOk();
        (await server.PostAsync(
            "/api/tools/handoff",
            "@dev",
            new { atpId = atp, toAgent = "@pm", completedWork = "All the caches are cleared", pendingWork = "Deploy it", evidence = "212 tests pass" })).IsOk();
        return (atp, Assert.Single((await server.GetAsync("/api/approvals?state=open")).Items()).Text("id"));
    }
}
