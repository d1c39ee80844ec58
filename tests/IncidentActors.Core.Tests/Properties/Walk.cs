using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Properties;

/// <summary>One arbitrary command; numbers choose among what there is, so that a shrunk walk still means something.</summary>
internal readonly record struct Step(byte What, byte Who, byte Which, byte Argument)
{
    private static readonly string[] Handles = ["@pm", "@dev", "@sre", "@qa", "@operator", "@luna"];

    public string By => What % 16 == 15 ? Handle.System : Pick(Handles, Who);

    /// <summary>Whom it is asked of, and what.</summary>
    public (ActorId Target, ICommand Command) On(Stage stage)
    {
        var argument = Argument;
        var atp = Pick(stage.All<AtpState>().Select(state => state.Id).Append("AT-0"), Which);
        var incident = Pick(stage.All<IncidentState>().Select(state => state.Id).Append("INC-0"), Which);
        var halt = Pick(stage.All<HaltState>().Select(state => state.Id).Append($"HLT-{argument}"), Which);
        var status = Pick(stage.All<AtpState>().Where(state => state.Id == atp)
            .SelectMany(state => FlowSet.Shipped.Find(state.Flow)!.States).Select(state => state.Name).Append("InProgress"), argument);
        return (What % 16) switch
        {
            0 => (ActorId.Incident($"INC-{stage.All<IncidentState>().Count() + 1}"),
                Play.Declare($"down {argument}", (Severity)(1 + (argument % 4)), (IncidentCategory)(argument % 6))),
            1 => (ActorId.Atp($"AT-{argument}"),
                new CreateAtp(
                    "work",
                    Flow: Pick(FlowSet.Shipped.Latest.Select(flow => flow.Name), argument),
                    IncidentId: incident == "INC-0" ? null : incident,
                    Owner: Pick(Handles, argument))),
            2 or 3 => (ActorId.Atp(atp), Play.Set(status)),
            4 => (ActorId.Atp(atp), new ChangeStatus(status, "note")),
            5 => (ActorId.Atp(atp), new SendMessage(Pick(Handles, argument), (MessageType)(argument % 8), null, "subject", Play.Fix)),
            6 => (ActorId.Atp(atp), new AcknowledgeMessage(1 + (argument % 5))),
            7 => (ActorId.Atp(atp), new HandOff(Pick(Handles, argument), "done", "rest", "tests")),
            8 => (ActorId.Atp(atp),
                new CreateArtifact(
                    Pick(["PMVerificationReport", "Postmortem", "ReviewReport", "ImpactAssessment"], argument),
                    "report",
                    Play.SixSections,
                    argument % 2 == 0 ? "critical" : null)),
            9 => Settle(stage, atp, argument % 2 == 0),
            10 => (ActorId.Incident(incident),
                Pick<IncidentCommand>(
                    [
                        new AcknowledgeIncident(),
                        new AssessIncident("x", "y", "z"),
                        new MitigateIncident("rollback", ExpectedMinutes: 1, Done: true),
                        new CancelIncident("x"),
                        new ReopenIncident("x"),
                        new CloseIncident(OverrideReason: "x"),
                    ],
                    argument)),
            11 => (ActorId.Incident(incident), new ResolveIncident(Verified: [.. Checklists.Verification.Select(item => item.Id)])),
            12 => (ActorId.Incident(incident), new ChangeSeverity((Severity)(1 + (argument % 4)))),
            13 => (ActorId.Halt(halt),
                argument % 2 == 0
                    ? new RaiseHalt(HaltScope.All, "drill", incident == "INC-0" ? null : incident)
                    : new LiftHalt(argument % 3 == 0 ? new HaltScope(HaltScopeKind.Agent, "@dev") : null)),
            14 => (ActorId.Agent(By), argument % 3 == 0 ? new RegisterAgent(["dev"], null) : new FetchInbox()),
            _ => Ring(stage, Which),
        };
    }

    private static (ActorId, ICommand) Settle(Stage stage, string atp, bool approve) =>
        (ActorId.Atp(atp),
            new SettleApproval(
                stage.All<ApprovalState>().Where(state => state.AtpId == atp).Select(state => state.Id).LastOrDefault() ?? "APR-0",
                new DecideApproval(approve)));

    /// <summary>A clock rings, in no order.</summary>
    private static (ActorId, ICommand) Ring(Stage stage, byte which) =>
        stage.Clocks.Count == 0
            ? (ActorId.Atp("AT-0"), new AtpTimeIsUp("due"))
            : Pick(stage.Clocks.Values.Select(clock => (clock.Owner, clock.Command)), which);

    private static T Pick<T>(IEnumerable<T> of, byte which)
    {
        var all = of.ToList();
        return all[which % all.Count];
    }
}
