using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using static IncidentActors.Behaviour.Expect;

namespace IncidentActors.Behaviour;

/// <summary>The emergency flow end to end, on any Bench.</summary>
public abstract class EmergencyFlowSuite : BehaviourSuite
{
    [BehaviourFact]
    public async Task The_calls_of_seed_000_give_its_state_table()
    {
        var atp = Actors.Atp("AT-EMRG-01");
        await OkAsync(atp.DoAsync(new SetAtp("InProgress", "🚨 SEV-1: checkout is down"), By("@pm")));
        await OkAsync(atp.DoAsync(
            new SendMessage("@operator", MessageType.HITLNotification, Priority.P0, "🚨 SEV-1 INCIDENT", "## INCIDENT DECLARED"),
            By("@pm")));
        var directive = await OkAsync(atp.DoAsync(
            new SendMessage("@dev", MessageType.EmergencyDirective, Priority.P0, "🚨 EMERGENCY", "## DROP ALL OTHER WORK"), By("@pm")));
        Assert.True(MessageIds.TryParse(directive.Answer.GetProperty("messageId").GetString(), out _, out var number));
        await OkAsync(atp.DoAsync(new AcknowledgeMessage(number, "ACKNOWLEDGED"), By("@dev")));
        await OkAsync(atp.DoAsync(
            new SendMessage(
                "@pm",
                MessageType.Handoff,
                Priority.P0,
                "Handoff",
                "## Ready\n\n### Completed Work\n- Fix\n\n### Pending Work\n- Deploy\n\n### Evidence\n- Build passes",
                false),
            By("@dev")));
        await OkAsync(atp.DoAsync(new SendMessage("@operator", MessageType.HITLNotification, Priority.P0, "🚨 FIX READY", "…"), By("@dev")));

        await RefusedAsync(atp.DoAsync(new ChangeStatus("Deployed"), By("@sre")), Rules.ApprovalNeeded);
        var approval = (await atp.GetAsync())!.Approvals.Single();
        await RefusedAsync(atp.DoAsync(new SettleApproval(approval.Id, new DecideApproval(true)), By("@dev")), Rules.ApprovalRole);
        await OkAsync(atp.DoAsync(new SettleApproval(approval.Id, new DecideApproval(true)), By("@pm")));
        await OkAsync(atp.DoAsync(new ChangeStatus("Deployed"), By("@sre")));
        await RefusedAsync(atp.DoAsync(new ChangeStatus("Closed"), By("@pm")), Rules.ArtifactMissing);
        await OkAsync(atp.DoAsync(new CreateArtifact("PMVerificationReport", "PM Verification Report", "resolved", Persist: "both"), By("@pm")));
        await OkAsync(atp.DoAsync(new ChangeStatus("Closed"), By("@pm")));
        await OkAsync(atp.DoAsync(
            new SendMessage("@operator", MessageType.HITLNotification, Priority.P1, "✅ INCIDENT RESOLVED - Postmortem Required", "…"),
            By("@pm")));
        await RefusedAsync(Actors.Atp("AT-NEXT").DoAsync(new CreateAtp("next work"), By("@pm")), Rules.TurnEnded);
        await Bench.PassAsync(TimeSpan.FromSeconds(31));

        var view = (await atp.GetAsync())!;
        Assert.Equal([1, 2, 3, 4, 5, 6], view.History.Select(entry => entry.Row));
        Assert.Equal(["InProgress", "InProgress", "Complete", "Deployed", "Closed", "Queued"], view.History.Select(entry => entry.To));
        Assert.Empty(view.Owed);
        var operators = await Bench.Journal.InboxAsync("@operator", 100, CancellationToken.None);
        var notifications = operators.Where(stored => stored.Message.Type == MessageType.HITLNotification).ToList();
        Assert.Equal(6, notifications.Count);
        Assert.All(view.History, entry => Assert.Single(entry.Messages, id => notifications.Any(stored => stored.Message.Id == id)));
        Assert.Equal("@pm", notifications.Single(stored => stored.Message.Subject.StartsWith("✅ INCIDENT", StringComparison.Ordinal)).Message.From);

        var postmortem = (await Actors.Atp("AT-POST-01").GetAsync())!;
        Assert.Equal(("postmortem", "Queued"), (postmortem.Type, postmortem.Status));
        Assert.Equal(view.ClosedAt + TimeSpan.FromHours(24), postmortem.DueAt);
        Assert.Equal(6, postmortem.Sections.Length);
        var incident = (await Actors.Incident(view.IncidentId!).GetAsync())!;
        Assert.Equal(Core.Incidents.IncidentStatus.Resolved, incident.Status);
        Assert.NotNull(incident.AcknowledgedAt);
        Assert.Equal(["AT-EMRG-01", "AT-POST-01"], incident.Atps.AsEnumerable());
        Assert.Single(incident.Halts);
    }
}
