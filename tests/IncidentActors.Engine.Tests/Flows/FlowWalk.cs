using System.Collections.Immutable;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using static IncidentActors.Engine.Tests.TestEngine;

namespace IncidentActors.Engine.Tests.Flows;

/// <summary>An ATP that a test leads along its flow, each step by whoever the step belongs to.</summary>
internal sealed class FlowWalk(TestEngine engine, string id)
{
    /// <summary>All six sections of a postmortem, with one action item.</summary>
    public const string Postmortem =
        "## Timeline\n14:23 down\n## Root cause\nLeak\n## Impact\n500 users\n## Resolution\nFixed\n## Prevention\nAlert\n## Action items\n- [ ] Add an alert";

    public string Id => id;

    public Task<Accepted> Take(string by, string status) => OkAsync(engine.Atp(id).DoAsync(new ChangeStatus(status), By(by)));

    public Task<Accepted> Add(string by, string type, string? outcome = null, string content = "done") =>
        OkAsync(engine.Atp(id).DoAsync(new CreateArtifact(type, type, content, outcome), By(by)));

    public Task<Accepted> HandOff(string by, string to) =>
        OkAsync(engine.Atp(id).DoAsync(new HandOff(to, "fixed", "deploy", "critical tests pass"), By(by)));

    public async Task<Accepted> Decide(string by, bool approve)
    {
        var open = (await View()).Approvals.Last(approval => approval.Status == AtpApprovalStatus.Open);
        return await OkAsync(engine.Atp(id).DoAsync(new SettleApproval(open.Id, new DecideApproval(approve)), By(by)));
    }

    public Task<Rejected> Refused(string by, string status, string rule) => RefusedAsync(engine.Atp(id).DoAsync(new ChangeStatus(status), By(by)), rule);

    public async Task<AtpView> View() => (await engine.Atp(id).GetAsync())!;

    public async Task<string> Status() => (await View()).Status;

    /// <summary>The numbers of the rows that were taken, in their order.</summary>
    public async Task<string> Rows() => string.Join(' ', (await View()).History.Select(entry => entry.Row));

    public async Task<IncidentView> Incident() => (await engine.Incident((await View()).IncidentId!).GetAsync())!;

    /// <summary>Acknowledges the newest directive to a handle.</summary>
    public async Task Acknowledge(string by)
    {
        var inbox = await engine.Journal.InboxAsync(by, 100, default);
        var directive = inbox.Last(stored => stored.Message.AtpId == id && stored.Message.Type is MessageType.Directive or MessageType.EmergencyDirective);
        MessageIds.TryParse(directive.Message.Id, out _, out var number);
        await OkAsync(engine.Atp(id).DoAsync(new AcknowledgeMessage(number), By(by)));
    }

    public async Task<int> Told(string handle, Func<string, bool> subject) =>
        (await engine.Journal.InboxAsync(handle, 1000, default)).Count(stored => stored.Message.AtpId == id && subject(stored.Message.Subject));

    public static async Task<FlowWalk> DeclareAsync(TestEngine engine, string flow, Severity severity, string title = "Checkout is broken")
    {
        var answer = await OkAsync(engine.Declarations.DeclareAsync(
            new DeclareIncident(title, severity, Flow: flow), By("@monitoring")));
        return new FlowWalk(engine, answer.Answer.GetProperty("atps")[0].GetString()!);
    }
}
