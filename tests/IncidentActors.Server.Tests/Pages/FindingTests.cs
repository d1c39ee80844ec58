using System.Net;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>Incidents, work, agents and approvals are found by lists, filters and one search, without script.</summary>
public sealed class FindingTests
{
    [Fact]
    public async Task The_list_of_incidents_is_filtered_by_status_severity_and_words()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var slow = (await server.DeclareAsync("SEV-3", "Search is slow")).Text("id");
        var broken = (await server.DeclareAsync("SEV-2", "Payments are broken")).Text("id");
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");

        await ShowsAsync(visitor, "/incidents", [slow, broken], []);
        await ShowsAsync(visitor, "/incidents?severity=SEV-2", [broken], [slow]);
        await ShowsAsync(visitor, "/incidents?q=SEARCH+slow", [slow], [broken]);
        await ShowsAsync(visitor, "/incidents?status=ended", [], [slow, broken]);
        await ShowsAsync(visitor, "/incidents?since=2999-01-01", [], [slow, broken]);
        await ShowsAsync(visitor, "/incidents?after=no-cursor", [slow, broken], []);
    }

    [Fact]
    public async Task One_search_finds_incidents_work_and_agents()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var incident = await server.DeclareAsync("SEV-3", "Checkout times out");
        (await server.PostAsync("/api/tools/inbox", "@dev", new { })).IsOk();
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");

        await ShowsAsync(visitor, "/search?q=checkout", [incident.Text("id"), incident.List("atps")[0].GetString()!], []);
        Assert.Contains("href=\"/agents/@dev\"", await visitor.GetAsync("/search?q=dev"), StringComparison.Ordinal);
        Assert.Contains("Nothing contains all of these words", await visitor.GetAsync("/search?q=zebra"), StringComparison.Ordinal);
        await ShowsAsync(visitor, "/atps?q=checkout", [incident.List("atps")[0].GetString()!], []);
    }

    [Fact]
    public async Task An_id_or_a_handle_leads_to_its_page()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var incident = (await server.DeclareAsync()).Text("id");
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        Assert.Equal($"/incidents/{incident}", await visitor.RedirectAsync($"/search?q={incident.ToLowerInvariant()}"));
        Assert.Equal("/agents/@dev", await visitor.RedirectAsync("/search?q=%40DEV"));
    }

    [Fact]
    public async Task An_agent_s_page_says_which_halt_stops_it_and_what_it_owes()
    {
        await using var server = await ServerUnderTest.StartAsync();
        (await server.PostAsync("/api/tools/inbox", "@qa", new { })).IsOk();
        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = "agent:@qa", reason = "It loops" }))
            .Is(HttpStatusCode.Created).Json.Text("id");
        using var visitor = await PageVisitor.SignInAsync(server, "@operator");

        var page = await visitor.GetAsync("/agents/@qa");
        Assert.Contains($"href=\"/halts/{halt}\"", page, StringComparison.Ordinal);
        Assert.Contains("It loops", page, StringComparison.Ordinal);
        Assert.Contains("halted by 1 halt", await visitor.GetAsync("/agents"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_decision_shows_its_incident_and_the_handoff_and_then_what_comes_next()
    {
        await using var server = await ServerUnderTest.StartAsync();
        var (_, approval) = await StandingClockTests.WaitingApprovalAsync(server);
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");

        var page = await visitor.GetAsync($"/approvals/{approval}");
        foreach (var text in new[] { "Search is slow", "SEV-1", "All the caches", "Deploy it", "212 tests pass" })
            Assert.Contains(text, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Approval needed", await visitor.GetAsync("/inbox"), StringComparison.Ordinal);
        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await visitor.SendAsync($"/approvals/{approval}", $"decide-{approval}", ("_also", "decision=approve"), ("note", "go"))).Status);
        var after = await visitor.GetAsync($"/approvals/{approval}");
        Assert.Contains("approved by @pm", after, StringComparison.Ordinal);
        Assert.Contains("<strong>@sre</strong>", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Declaring_lands_on_the_incident()
    {
        await using var server = await ServerUnderTest.StartAsync();
        using var visitor = await PageVisitor.SignInAsync(server, "@pm");
        var (status, location) = await visitor.FollowAsync("/declare", "declare", ("title", "Mail is down"), ("severity", "SEV-3"));
        Assert.Equal(HttpStatusCode.SeeOther, status);
        Assert.StartsWith("/incidents/INC-", location, StringComparison.Ordinal);
    }

    private static async Task ShowsAsync(PageVisitor visitor, string path, string[] shown, string[] hidden)
    {
        var page = await visitor.GetAsync(path);
        foreach (var id in shown) Assert.Contains($"{id}\"", page, StringComparison.Ordinal);
        foreach (var id in hidden) Assert.DoesNotContain($"{id}\"", page, StringComparison.Ordinal);
    }
}
