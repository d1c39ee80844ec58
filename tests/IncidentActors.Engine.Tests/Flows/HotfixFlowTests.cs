using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Atps;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>Seed 001: its calls word for word, and what they leave behind.</summary>
public sealed class HotfixFlowTests : IAsyncDisposable
{
    private const string Ready = """
        ## Hotfix Ready for Deployment

        ### Completed Work
        - Fix implemented and tested

        ### Pending Work
        - Deploy
        - Verify
        - Close

        ### Evidence
        - Tests pass
        - Build passes
        """;

    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task The_calls_of_seed_001_give_its_state_table_and_a_review_of_what_was_skipped()
    {
        var atp = engine.Atp("AT-XX-YY");
        await OkAsync(atp.DoAsync(new SetAtp("InProgress", "HOTFIX: Production incident"), By("@pm")));
        var directive = await OkAsync(atp.DoAsync(
            new SendMessage(
                "@dev", MessageType.Directive, Priority.P0, "🔥 HOTFIX: [Incident Description]", "## URGENT: Production Fix Required\n..."),
            By("@pm")));
        MessageIds.TryParse(directive.Answer.GetProperty("messageId").GetString(), out _, out var number);
        await OkAsync(atp.DoAsync(new AcknowledgeMessage(number, "Acknowledged, starting immediately"), By("@dev")));
        await OkAsync(atp.DoAsync(
            new SendMessage("@pm", MessageType.Handoff, Priority.P1, "Handoff: AT-XX-YY - Hotfix Ready", Ready, false), By("@dev")));
        await RefusedAsync(atp.DoAsync(new ChangeStatus("Closed"), By("@pm")), Rules.ArtifactMissing);
        await OkAsync(atp.DoAsync(
            new CreateArtifact(
                "PMVerificationReport",
                "PM Verification Report: AT-XX-YY (Hotfix)",
                "... hotfix verification summary ...",
                Persist: "both"),
            By("@pm")));
        await OkAsync(atp.DoAsync(new ChangeStatus("Closed"), By("@pm")));
        await OkAsync(atp.DoAsync(
            new SendMessage(
                "@operator", MessageType.HITLNotification, null, "ATP Closed: AT-XX-YY (Hotfix)", "Hotfix deployed successfully..."),
            By("@pm")));
        var view = (await atp.GetAsync())!;
        var review = view.FollowUps.Single();
        var same = await OkAsync(engine.Creations.CreateAsync(
            new CreateAtp("Post-Incident Review: [Original Issue]", "review", Notes: "Follow-up from hotfix AT-XX-YY"), By("@pm")));

        Assert.Equal(review.AtpId, same.Answer.GetProperty("id").GetString());
        Assert.Equal(("hotfix", "1 2 3 4 5"), (view.Flow, string.Join(' ', view.History.Select(entry => entry.Row))));
        Assert.Equal(["InProgress", "InProgress", "Complete", "Closed", "Queued"], view.History.Select(entry => entry.To));
        await engine.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty((await atp.GetAsync())!.Owed);
        Assert.Equal(1, await new FlowWalk(engine, "AT-XX-YY").Told("@operator", subject => subject == "ATP Closed: AT-XX-YY (Hotfix)"));
        await ReviewedAsync(new FlowWalk(engine, review.AtpId), view);
    }

    [Fact]
    public async Task All_three_minimal_gates_are_answered_by_closing()
    {
        var walk = await ClosedAsync();

        Assert.All((await walk.View()).Gates, gate => Assert.Equal("@pm", gate.Verified?.By));
        Assert.Equal(3, (await walk.View()).Gates.Length);
        Assert.Equal(IncidentStatus.Resolved, (await walk.Incident()).Status);
    }

    [Fact]
    public async Task A_quick_verification_that_fails_goes_back_to_dev()
    {
        var walk = await FlowWalk.DeclareAsync(engine, "hotfix", Severity.Sev2);
        await walk.Acknowledge("@dev");
        await walk.HandOff("@dev", "@pm");
        await walk.Take("@pm", "InProgress");

        Assert.Equal("1 2 3 6", await walk.Rows());
        await engine.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await walk.Told("@dev", subject => subject.StartsWith("🔥 HOTFIX not accepted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_review_that_is_late_is_escalated_until_somebody_acts()
    {
        var review = new FlowWalk(engine, (await (await ClosedAsync()).View()).FollowUps.Single().AtpId);
        await engine.PassAsync(TimeSpan.FromDays(7) + TimeSpan.FromHours(2));

        Assert.InRange(await review.Told("@operator", subject => subject.Contains("was due", StringComparison.Ordinal)), 2, 4);
    }

    private async Task<FlowWalk> ClosedAsync()
    {
        var walk = await FlowWalk.DeclareAsync(engine, "hotfix", Severity.Sev2);
        await walk.Acknowledge("@dev");
        await walk.HandOff("@dev", "@pm");
        await walk.Add("@pm", "PMVerificationReport");
        await walk.Take("@pm", "Closed");
        return walk;
    }

    /// <summary>The review ATP knows what was skipped, and closes only with the five sections of the seed.</summary>
    private async Task ReviewedAsync(FlowWalk review, AtpView hotfix)
    {
        var view = await review.View();
        Assert.Equal(("review", "Queued", hotfix.ClosedAt + TimeSpan.FromDays(7)), (view.Type, view.Status, view.DueAt));
        Assert.Equal<IEnumerable<string>>(["code review skipped", "full tests deferred", "documentation deferred"], view.Debt);
        Assert.Equal<IEnumerable<string>>(["root cause", "permanent fix", "test coverage", "documentation", "process"], view.Sections);
        await engine.Agent("@pm").FetchInboxAsync(By("@pm"), 10);
        await review.Take("@pm", "InProgress");
        await review.Take("@pm", "Complete");
        await review.Add("@pm", "ReviewReport", content: "## Root cause\nLeak");
        await review.Refused("@pm", "Closed", Rules.SectionMissing);
        await review.Add("@pm", "ReviewReport", content: "## Root cause\na\n## Permanent fix\nb\n## Test coverage\nc\n## Documentation\nd\n## Process\ne");
        await review.Take("@pm", "Closed");
    }
}
