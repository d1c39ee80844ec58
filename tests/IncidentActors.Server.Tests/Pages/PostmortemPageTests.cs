using System.Net;
using IncidentActors.Server.Tests.Http;

namespace IncidentActors.Server.Tests.Pages;

public sealed class PostmortemPageTests : IAsyncLifetime
{
    private static readonly (string Name, string Value)[] Written =
    [
        ("section-timeline", "- 14:02 it broke"), ("section-root-cause", "A certificate that nobody reloads"), ("section-impact", "12,000 users"),
        ("section-resolution", "Reloaded"),
        ("section-prevention", "A reload hook"),
        ("section-action-items", "- Add the hook\n- [ ] Alert on old certificates"),
    ];

    private ServerUnderTest server = null!;
    private PlayedEmergency played = null!;

    public async Task InitializeAsync()
    {
        server = await ServerUnderTest.StartAsync();
        played = await PlayedEmergency.PlayAsync(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    private string Path => $"/incidents/{played.Incident}/postmortem";

    [Fact]
    public async Task The_sections_are_prefilled_from_the_timeline_and_missing_ones_are_marked()
    {
        var page = (await server.GetAsync(Path)).IsOk().Body;
        Assert.Contains("missing: root cause, prevention, action items", page);
        Assert.Contains("Incident declared as P0 (SEV-1)", page);
        Assert.Contains("Users affected: Payments fail. It lasted", page);
        Assert.Equal(6, page.Split("<textarea ").Length - 1);
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/incidents/INC-0/postmortem")).Status);
    }

    [Fact]
    public async Task It_is_written_and_closed_on_the_page_and_its_action_items_become_ATPs()
    {
        using var pm = await PageVisitor.SignInAsync(server, "@pm");
        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(Path, "step-2")).Status);
        var refused = await pm.SendAsync(Path, "step-5");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("atp.artifact.missing", refused.Body);

        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(Path, "postmortem", Written[..5])).Status);
        var half = await pm.GetAsync(Path);
        Assert.Contains("missing: action items", half);
        Assert.Contains("A certificate that nobody reloads", half);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await pm.SendAsync(Path, "step-5")).Status);

        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(Path, "postmortem", Written)).Status);
        Assert.Contains("none missing", await pm.GetAsync(Path));
        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync(Path, "step-5")).Status);
        var closed = await pm.GetAsync(Path);
        Assert.DoesNotContain("<textarea", closed);
        var items = (await server.GetAsync($"/api/atps?incidentId={played.Incident}")).Items().Where(atp => atp.Text("type") == "action-item").ToArray();
        Assert.Equal(["Add the hook", "Alert on old certificates"], items.Select(atp => atp.Text("title")).Order());
        Assert.All(items, atp => Assert.Contains($"/atps/{atp.Text("id")}", closed));
        var file = (await server.GetAsync($"{Path}/file")).IsOk();
        Assert.Equal("text/markdown", file.MediaType);
        Assert.Contains("## Root cause\nA certificate that nobody reloads\n", file.Body);
        Assert.DoesNotContain("[missing", file.Body);
        Assert.Equal(file.Body, (await server.GetAsync($"/api/incidents/{played.Incident}/report?form=postmortem")).IsOk().Body);
    }

    [Fact]
    public async Task What_was_typed_is_kept_when_it_is_refused()
    {
        (await server.PostAsync("/api/halts", "@operator", new { scope = $"atp:{played.Postmortem}", reason = "wait" })).Is(HttpStatusCode.Created);
        using var qa = await PageVisitor.SignInAsync(server, "@qa");
        var refused = await qa.SendAsync(Path, "postmortem", Written);
        Assert.Equal(HttpStatusCode.Locked, refused.Status);
        foreach (var (_, value) in Written) Assert.Contains(value.Split('\n')[0], refused.Body);
        Assert.Contains("missing: root cause", await qa.GetAsync(Path));
    }

    [Fact]
    public async Task A_form_of_elsewhere_changes_nothing()
    {
        using var pm = await PageVisitor.SignInAsync(server, "@pm");
        var written = await ByPmAsync();
        var forged = await pm.SendAsync(Path, "postmortem", [("_token", "0"), .. Written]);
        Assert.Equal(HttpStatusCode.Forbidden, forged.Status);
        Assert.Equal(written, await ByPmAsync());
    }

    /// <summary>How many events there are of what the commander did; what the system sends meanwhile does not count.</summary>
    private async Task<int> ByPmAsync() =>
        (await server.Server.Engine.Journal.FeedAsync(null, 10_000, null, default)).Events.Count(one => one.By == "@pm");

    [Fact]
    public async Task An_incident_that_owes_no_postmortem_can_be_given_one()
    {
        var id = (await server.DeclareAsync()).Text("id");
        using var pm = await PageVisitor.SignInAsync(server, "@operator");
        Assert.Contains("This incident has no work package (ATP) for a postmortem", await pm.GetAsync($"/incidents/{id}/postmortem"));
        Assert.Equal(HttpStatusCode.SeeOther, (await pm.SendAsync($"/incidents/{id}/postmortem", "ask")).Status);
        Assert.Contains("section-root-cause", await pm.GetAsync($"/incidents/{id}/postmortem"));
    }
}
