using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Turns;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>Seed 002 from the line that declares it to the knowledge entry, for its three usage examples.</summary>
public sealed class CriticalResponseTests : IAsyncDisposable
{
    private const string Assessment = "## What is broken\nAll requests\n## Users affected\nall\n## Since when\n14:23\n## What changed\na deployment";

    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

    [Fact]
    public async Task A_halted_agent_is_told_after_the_lift_that_the_fix_was_deployed()
    {
        var walk = await DeclareAsync("@DEV /critical-response - P0: Database connection pool exhausted, all requests timing out");
        var halt = Assert.Single((await walk.Incident()).Halts);
        Assert.NotEmpty((await engine.Agent("@docs").FetchInboxAsync(By("@docs"), 10)).Inbox!.Halts);
        await walk.Add("@dev", "Assessment", content: Assessment);
        await walk.Take("@dev", "Assessed");
        await OkAsync(engine.Incident((await walk.Incident()).Id).DoAsync(new MitigateIncident("rollback", ExpectedMinutes: 2), By("@dev")));
        await walk.Take("@sre", "Mitigated");
        await walk.Add("@dev", "TestReport", "passed");
        await walk.Take("@dev", "HotfixReady");
        await walk.Decide("@qa", true);
        await walk.Take("@sre", "Deployed");
        await OkAsync(engine.Halt(halt).DoAsync(new LiftHalt(), By("@operator")));

        var briefing = Assert.Single((await engine.Agent("@docs").FetchInboxAsync(By("@docs"), 10)).Inbox!.Briefing);
        Assert.EndsWith("is Deployed, by @sre", Assert.Single(briefing.Deployments), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "@DEV /emergency - P0: Database connection pool exhausted, all requests timing out",
        "rollback",
        "Missing connection.release()",
        "1 2 3 4 5 8 10 11 12 13")]
    [InlineData(
        "@SECA /emergency - P0: SQL injection vulnerability actively exploited",
        "feature-flag",
        "Missing parameterized query",
        "1 2 3 4 5 8 10 11 12 13")]
    [InlineData("@DEV /emergency - P1: API response time increased from 200ms to 5s", "traffic-routing", "Missing eager loading", "1 2 3 4 6 8 10 11 12 13")]
    public async Task The_usage_examples_from_declaration_to_knowledge_entry(string text, string mitigation, string cause, string rows)
    {
        var walk = await DeclareAsync(text.Replace("/emergency", "/critical-response", StringComparison.Ordinal));
        Assert.Contains((await walk.Incident()).Responders, responder => responder.Handle == Handle.Normalize(text.Split(' ')[0]));
        await walk.Add("@dev", "Assessment", content: Assessment);
        await walk.Take("@dev", "Assessed");
        await OkAsync(engine.Incident((await walk.Incident()).Id).DoAsync(new MitigateIncident(mitigation, ExpectedMinutes: 2), By("@dev")));
        await walk.Take("@sre", "Mitigated");
        Assert.Equal(IncidentStatus.Monitoring, (await walk.Incident()).Status);
        await walk.Refused("@dev", "HotfixReady", Rules.ArtifactMissing);
        await walk.Add("@dev", "TestReport", "passed");
        await walk.Take("@dev", "HotfixReady");
        await walk.Refused("@sre", "Deployed", Rules.ApprovalNeeded);
        var asked = (await engine.Journal.LoadAsync(ActorId.Approval((await walk.View()).Approvals.Single().Id), default))!;
        var review = (ApprovalState)States.Read(ActorKind.Approval, asked.Document.Span);
        Assert.Equal(TimeSpan.FromMinutes(5), review.Due - review.AskedAt);
        await walk.Decide("@qa", true);
        string[] checklist = ["fixes-immediate-issue", "no-obvious-side-effects", "minimal-scope", "rollback-plan-clear"];
        var gates = (await walk.View()).Gates;
        Assert.All(checklist, gate => Assert.Equal("@qa", gates.Single(one => one.Id == gate).Verified?.By));
        if (rows.Contains('6', StringComparison.Ordinal))
        {
            await walk.Refused("@sre", "Deployed", Rules.ArtifactMissing);
            await walk.Add("@sre", "StagingVerification", "passed");
        }

        await walk.Take("@sre", "Deployed");
        await walk.Take("@sre", "Verified");
        Assert.Equal(IncidentStatus.Resolved, (await walk.Incident()).Status);
        await walk.Add("@dev", "Postmortem", content: FlowWalk.Postmortem.Replace("Leak", cause, StringComparison.Ordinal));
        await walk.Refused("@dev", "PostmortemDone", Rules.BranchOpen);
        await walk.Add("@dev", "RootCauseAnalysis", content: $"## What happened\n{cause}");
        await walk.Take("@dev", "PostmortemDone");
        await walk.Refused("@dev", "Compounded", Rules.ArtifactMissing);
        var draft = KnowledgeDraft.Of((await new Dossiers(engine.Turns).ReadAsync((await walk.Incident()).Id, default))!);
        await walk.Add("@dev", "KnowledgeEntry", content: draft.Markdown);
        await walk.Take("@dev", "Compounded");
        await walk.Refused("@pm", "Closed", Rules.ArtifactMissing);
        await walk.Add("@pm", "IncidentReport", content: "all of it");
        await walk.Take("@pm", "Closed");

        Assert.Equal(rows, await walk.Rows());
        Assert.Equal(("Add an alert", "action-item"), await engine.Atp($"{walk.Id}-A1").GetAsync() is { } item ? (item.Title, item.Type) : default);
        var found = Assert.Single(await new KnowledgeBase(engine.Turns, engine.Actors).SearchAsync(cause, 10, default));
        Assert.Equal((await walk.Incident()).Id, found.Entry.IncidentId);
        Assert.Contains(cause, found.Entry.Body, StringComparison.Ordinal);
        Assert.Equal<IEnumerable<string>>(
            ["design review", "full test suite"], (await engine.Atp((await walk.View()).FollowUps.Single().AtpId).GetAsync())!.Sections);
    }

    [Theory]
    [InlineData("timeline")]
    [InlineData("root cause")]
    [InlineData("impact")]
    [InlineData("resolution")]
    [InlineData("prevention")]
    [InlineData("action items")]
    public async Task A_postmortem_lacks_none_of_its_sections_and_its_day_is_watched(string section)
    {
        var walk = await DeclareAsync("@dev /critical-response - P0: down");
        var incident = engine.Incident((await walk.Incident()).Id);
        var verified = Checklists.Verification.Select(item => item.Id);
        await OkAsync(incident.DoAsync(new ResolveIncident(NoFix: "the provider is back", Verified: [.. verified]), By("@pm")));
        await walk.Add("@dev", "RootCauseAnalysis");
        var lines = FlowWalk.Postmortem.Split('\n');
        var at = Array.FindIndex(lines, line => line.Equals($"## {section}", StringComparison.OrdinalIgnoreCase));
        await walk.Add("@dev", "Postmortem", content: string.Join('\n', lines.Where((_, index) => index != at + 1)));
        Assert.Equal<IEnumerable<string>>([section], (await walk.Refused("@dev", "PostmortemDone", Rules.SectionMissing)).Allowed);

        const string Late = "overran Postmortem (within 24 hours)";
        await engine.PassAsync(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(0, await walk.Told("@operator", subject => subject.Contains(Late, StringComparison.Ordinal)));
        await engine.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await walk.Told("@operator", subject => subject.Contains(Late, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_assessment_over_its_five_minutes_is_said()
    {
        var walk = await DeclareAsync("@dev /critical-response - P0: down");
        await engine.PassAsync(TimeSpan.FromMinutes(6));

        Assert.Equal(1, await walk.Told("@operator", subject => subject.Contains("overran Rapid assessment (5 minutes at most)", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_resolution_that_does_not_hold_is_rolled_back_to_the_mitigation()
    {
        var walk = await DeclareAsync("@dev /critical-response - P0: down");
        await walk.Add("@dev", "Assessment", content: Assessment);
        await walk.Take("@dev", "Assessed");
        await walk.Take("@sre", "Mitigated");
        await walk.Add("@dev", "TestReport", "passed");
        await walk.Take("@dev", "HotfixReady");
        await walk.Decide("@qa", true);
        await walk.Take("@sre", "Deployed");
        await walk.Take("@sre", "Mitigated");
        await walk.Refused("@dev", "HotfixReady", Rules.ArtifactMissing);

        Assert.Equal("1 2 3 4 5 9", await walk.Rows());
    }

    [Fact]
    public async Task A_review_that_says_no_sends_the_hotfix_back_and_nobody_answers_for_the_reviewer()
    {
        var walk = await DeclareAsync("@dev /critical-response - P2: slow");
        await walk.Add("@dev", "Assessment", content: Assessment);
        await walk.Take("@dev", "Assessed");
        await walk.Take("@sre", "Mitigated");
        await walk.Add("@dev", "TestReport", "passed");
        await walk.Take("@dev", "HotfixReady");
        await engine.PassAsync(TimeSpan.FromHours(2));
        Assert.Equal(AtpApprovalStatus.Open, (await walk.View()).Approvals.Single().Status);
        await walk.Decide("@qa", false);

        Assert.Equal("Mitigated", await walk.Status());
        await walk.Add("@dev", "TestReport", "passed");
        await walk.Take("@dev", "HotfixReady");
        await walk.Decide("@qa", true);
        await walk.Add("@sre", "StagingVerification", "passed");
        await walk.Take("@sre", "Deployed");
        Assert.EndsWith(" 7", await walk.Rows(), StringComparison.Ordinal);
    }

    private async Task<FlowWalk> DeclareAsync(string text)
    {
        Assert.Null(DeclarationText.Read(text, FlowSet.Shipped, out var declare));
        var answer = await OkAsync(engine.Declarations.DeclareAsync(declare!, By("@monitoring")));
        return new FlowWalk(engine, answer.Answer.GetProperty("atps")[0].GetString()!);
    }
}
