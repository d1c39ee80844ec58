using System.Net;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

/// <summary>The pages say who takes the next step, what a button leads to, and whom a halt covers, whether or not that agent has ever called.</summary>
public sealed class NextStepTests : IAsyncLifetime
{
    private static readonly (string Name, string Value)[] Sections =
    [
        ("section-timeline", "- 14:02 it broke"), ("section-root-cause", "A certificate"), ("section-impact", "12,000 users"),
        ("section-resolution", "Reloaded"), ("section-prevention", "A reload hook"), ("section-action-items", "- Add the hook"),
    ];

    private ServerUnderTest server = null!;

    public async Task InitializeAsync() => server = await ServerUnderTest.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_member_of_the_roster_that_has_never_called_is_listed_and_counted()
    {
        const string Never = "@sre";
        using var visitor = await PageVisitor.SignInAsync(server, "@operator");
        Assert.Contains("not halted", Row(await visitor.GetAsync("/agents"), $"agent-{Never}"));
        Assert.Contains("<strong>1</strong> agent and", await visitor.GetAsync($"/halts?scope=agent:{Never}"));
        Assert.Contains($"href=\"/halts?scope=agent:{Never}#preview\"", await visitor.GetAsync($"/agents/{Never}"));

        var halt = (await server.PostAsync("/api/halts", "@operator", new { scope = $"agent:{Never}", reason = "wait" }))
            .Is(HttpStatusCode.Created).Json.Text("id");

        var row = Row(await visitor.GetAsync("/agents"), $"agent-{Never}");
        Assert.Contains("halted by 1 halt", row);
        Assert.Contains("has never called", row);
        Assert.Contains("Also halted: 1 roster member that has never called the server.", await visitor.GetAsync("/"));
        Assert.Contains($"href=\"/halts/{halt}?confirm=yes#lifting\"", Row(await visitor.GetAsync("/halts"), $"active-{halt}"));
    }

    [Fact]
    public async Task An_acceptance_waits_for_pm_and_no_postmortem_moves_on_before_its_sections_are_saved()
    {
        var played = await PlayedEmergency.PlayAsync(server);
        var path = $"/incidents/{played.Incident}/postmortem";
        using var pm = await PageVisitor.SignInAsync(server, "@pm");
        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(path, "step-2")).Status);
        Assert.Contains("Save all six sections first. Not saved: timeline, root cause", await pm.GetAsync(path));

        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(path, "postmortem", Sections)).Status);
        Assert.DoesNotContain("Save all six sections first", await pm.GetAsync(path));
        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(path, "step-3")).Status);

        var now = await pm.GetAsync("/");
        Assert.Contains("you: moves it to Closed: Accepted", Row(now, $"step-{played.Postmortem}"));
        Assert.Contains("@pm", Row(now, $"owed-{played.Postmortem}"));
        using var sre = await PageVisitor.SignInAsync(server, "@sre");
        Assert.DoesNotContain($"step-{played.Postmortem}", await sre.GetAsync("/"));
    }

    [Fact]
    public async Task What_was_declared_stands_first_with_who_declared_it()
    {
        var declared = await server.PostAsync(
            "/api/incidents", "@dev", new { title = "Search is slow", severity = "SEV-3", description = "Since the release" });
        var page = await server.GetAsync($"/incidents/{declared.Is(HttpStatusCode.Created).Json.Text("id")}");
        Assert.InRange(page.Body.IndexOf("Since the release", StringComparison.Ordinal), 0, page.Body.IndexOf("id=\"timeline\"", StringComparison.Ordinal));
        Assert.Contains("Declared by @dev", page.Body);
    }

    /// <summary>The list item of the page with the id.</summary>
    private static string Row(string page, string id)
    {
        var start = page.IndexOf($"id=\"{id}\"", StringComparison.Ordinal);
        Assert.True(start >= 0, $"the page has no {id}");
        return page[start..page.IndexOf("</li>", start, StringComparison.Ordinal)];
    }
}
