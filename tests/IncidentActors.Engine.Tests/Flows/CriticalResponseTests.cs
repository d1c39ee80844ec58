using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Reports;
using IncidentActors.Engine.Incidents;
using IncidentActors.Engine.Knowledge;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>Seed 002 from the line that declares it to the knowledge entry, for its three usage examples.</summary>
public sealed class CriticalResponseTests : IAsyncDisposable
{
    private const string Assessment = "## What is broken\nAll requests\n## Users affected\nall\n## Since when\n14:23\n## What changed\na deployment";

    private readonly TestEngine engine = new();

    public ValueTask DisposeAsync() => engine.DisposeAsync();

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
        await walk.Decide("@qa", true);
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
        var found = Assert.Single(await new KnowledgeBase(engine.Turns).SearchAsync(cause, 10, default));
        Assert.Equal((await walk.Incident()).Id, found.Entry.IncidentId);
        Assert.Contains(cause, found.Entry.Body, StringComparison.Ordinal);
        Assert.Equal<IEnumerable<string>>(
            ["design review", "full test suite"], (await engine.Atp((await walk.View()).FollowUps.Single().AtpId).GetAsync())!.Sections);
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
    }

    private async Task<FlowWalk> DeclareAsync(string text)
    {
        Assert.Null(DeclarationText.Read(text, FlowSet.Shipped, RosterYaml.Shipped(), out var declare));
        var answer = await OkAsync(engine.Declarations.DeclareAsync(declare!, By("@monitoring")));
        return new FlowWalk(engine, answer.Answer.GetProperty("atps")[0].GetString()!);
    }
}
