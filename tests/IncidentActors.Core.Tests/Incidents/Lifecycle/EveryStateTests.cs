using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;
using IncidentActors.Core.Policies;

namespace IncidentActors.Core.Tests.Incidents.Lifecycle;

/// <summary>Every state × command × role × flow × halt policy: the incident, its work, halts, clocks, messages and obligations agree.</summary>
public class EveryStateTests
{
    private const string Id = "INC-1";

    [Theory]
    [InlineData("emergency", Severity.Sev1, HaltEnding.Lift)]
    [InlineData("emergency", Severity.Sev1, HaltEnding.Ask)]
    [InlineData("hotfix", Severity.Sev2, HaltEnding.Lift)]
    [InlineData("hotfix", Severity.Sev2, HaltEnding.Ask)]
    [InlineData("critical-response", Severity.Sev1, HaltEnding.Lift)]
    [InlineData("critical-response", Severity.Sev2, HaltEnding.Lift)]
    [InlineData("emergency-hotfix", Severity.Sev2, HaltEnding.Lift)]
    [InlineData("standard", Severity.Sev3, HaltEnding.Lift)]
    [InlineData("standard", Severity.Sev1, HaltEnding.Ask)]
    public void What_belongs_together_agrees_after_every_command(string flow, Severity severity, HaltEnding halts)
    {
        Stage Begin()
        {
            var stage = new Stage { Policy = new Policy { HaltEnding = halts } };
            stage.Declared(Play.Declare(severity: severity) with { Flow = flow });
            return stage;
        }

        var states = new Exploration(Begin, Id, most: 120).Run((before, path, after, made) => Agrees(before, path, after, made, halts));
        Assert.True(states >= 40, $"{states} states");
    }

    private static void Agrees(Stage before, string path, Stage after, IReadOnlyList<Decision> made, HaltEnding halts)
    {
        var incident = after.Incident(Id);
        var atps = after.All<AtpState>().Where(atp => atp.IncidentId == Id).ToList();
        var active = after.All<HaltState>().Where(halt => halt.LiftedAt is null).ToList();
        Holds(!atps.Exists(atp => atp.Finished && atp.OpenMessages.Values.Any(open => open.RequiresAck)), "a finished ATP asks nobody to acknowledge");
        Holds(!atps.Exists(atp => atp.Canceled && atp.Owed.Length > 0), "a canceled ATP owes a message");
        Holds(!atps.Exists(atp => atp.Canceled && atp.Approvals.Any(one => one.Status == AtpApprovalStatus.Open)), "a canceled ATP asks for an approval");
        var dead = atps.Where(atp => atp.Canceled).Select(atp => ActorId.Atp(atp.Id)).ToHashSet();
        Holds(!after.Clocks.Keys.Any(clock => dead.Contains(clock.Owner)), "a canceled ATP has a clock");
        Holds(Numbered(after), "a message number is used twice");
        if (Moved(before, after)) Holds(made.Sum(Notified) >= 1, "a transition without a notification");
        if (incident.Status.IsOngoing()) return;

        var clocks = after.Clocks.Keys.Where(clock => clock.Owner == ActorId.Incident(Id)).Select(clock => clock.Name).ToList();
        Holds(!clocks.Exists(clock => clock != "halt"), $"an ended incident has the clock {string.Join(", ", clocks)}");
        Holds(halts == HaltEnding.Ask || active.Count == 0, "an ended incident has an active halt");
        Holds(active.Count == 0 || clocks.Contains("halt") || !Moved(before, after), "an active halt of an ended incident is not asked about");
        Holds(!atps.Exists(atp => !atp.Finished && Undeployed(atp)), "an ended incident has urgent work without a deployed fix");
        if (incident.Status == IncidentStatus.Canceled) Holds(!atps.Exists(atp => !atp.Finished), "a canceled incident has open work");
        var overridden = path.Contains("close by @jonny", StringComparison.Ordinal);
        if (incident.Status != IncidentStatus.Closed || incident.Severity != Severity.Sev1 || overridden) return;
        var postmortems = atps.Where(atp => atp.Type == "postmortem" || atp.Artifacts.Any(artifact => artifact.Type == "Postmortem"));
        Holds(postmortems.Any(atp => !atp.Canceled), "a closed SEV-1 owes no postmortem");

        void Holds(bool holds, string otherwise) => Assert.True(holds, $"{otherwise}:{path}");
    }

    private static bool Moved(Stage before, Stage after) =>
        before.Incident(Id).Status != after.Incident(Id).Status || before.Incident(Id).Severity != after.Incident(Id).Severity;

    private static int Notified(Decision decision) => decision.Events.Select(one => one.Event).Sum(one => one switch
    {
        MessageSent { Type: MessageType.HITLNotification, To: Handle.Operator } => 1,
        AtpMoved moved => moved.Owes.Count(owed => owed.Type == MessageType.HITLNotification),
        _ => 0,
    });

    private static bool Numbered(Stage stage) => stage.All<AtpState>().All(atp => atp.OpenMessages.Keys.All(number => number <= atp.MessageCount));

    /// <summary>Work of an urgent flow that is not past the point from which its incident can be over.</summary>
    private static bool Undeployed(AtpState atp)
    {
        var flow = FlowSet.Shipped.Find(atp.Flow, atp.FlowVersion)!;
        return atp.Urgent && !flow.HasDeployed(atp.Status) && !atp.History.Any(entry => flow.HasDeployed(entry.To));
    }
}
