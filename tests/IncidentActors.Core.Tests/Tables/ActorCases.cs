using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Tests.Tables;

/// <summary>The states of the other actors, and what can be asked of each.</summary>
internal static class ActorCases
{
    private static readonly string[] Way = ["declared", "assessing", "mitigating", "monitoring", "resolved", "closed"];

    public static IEnumerable<(string Name, Func<Stage> Stage)> Incidents =>
    [
        ("(none)", () => new Stage()),
        .. Way.Select((name, index) => (name, (Func<Stage>)(() => Incident(index)))),
        ("canceled", () =>
        {
            var stage = Incident(0);
            stage.Do("INC-1", new CancelIncident("false alarm"), "@pm");
            return stage;
        }),
    ];

    public static IEnumerable<(string Name, string By, IncidentCommand Command)> IncidentCommands =>
    [
        ("declare", "@api", Play.Declare()),
        .. Commands.Select(asked => (asked.Name, "@pm", asked.Command)),
        .. Commands.Select(asked => (asked.Name, "@luna", asked.Command)),
    ];

    public static IEnumerable<(string Name, Func<Stage> Stage)> Halts =>
    [
        ("(none)", () => new Stage()),
        ("active", () => Halt()),
        ("lifted for @dev", () => Halt(new HaltScope(HaltScopeKind.Agent, "@dev"))),
        ("lifted", () => Halt((HaltScope?)null)),
    ];

    public static IEnumerable<(string Name, string By, HaltCommand Command)> HaltCommands =>
        new[] { "@operator", "@pm", "@dev", "@jonny" }.SelectMany(by => new (string, string, HaltCommand)[]
    {
        ("halt_raise", by, new RaiseHalt(HaltScope.All, "drill")),
        ("halt_raise without a reason", by, new RaiseHalt(HaltScope.All, " ")),
        ("halt_raise for no incident", by, new RaiseHalt(HaltScope.All, "drill", "INC-9")),
        ("halt_lift", by, new LiftHalt()),
        ("halt_lift for @dev", by, new LiftHalt(new HaltScope(HaltScopeKind.Agent, "@dev"))),
    });

    public static IEnumerable<(string Name, Func<Stage> Stage)> Agents =>
    [
        ("(unknown)", () => new Stage()),
        ("known", () => Agent(halted: false, knows: false)),
        ("halted", () => Agent(halted: true, knows: false)),
        ("halted, knows of it", () => Agent(halted: true, knows: true)),
    ];

    public static IEnumerable<(string Name, AgentCommand Command)> AgentCommands =>
    [
        ("register", new RegisterAgent(["dev"], null)), ("register as another", new RegisterAgent(["qa"], null)), ("inbox", new FetchInbox()),
        ("halt_ack", new AcknowledgeHalt("HLT-1")), ("halt_ack of no halt", new AcknowledgeHalt("HLT-9")),
    ];

    public static IEnumerable<(string Name, Func<Stage> Stage)> Approvals =>
    [
        ("open", () => Play.Emergency("Complete")), ("approved", () => Decided(true)), ("rejected", () => Decided(false)), ("voided", () =>
        {
            var stage = Play.Emergency("Complete");
            stage.Do("AT-EMRG-01", new HandOff("@pm", "better", "deploy", "tests"), "@dev");
            return stage;
        }),
    ];

    public static IEnumerable<(string Name, string By, ApprovalCommand Command)> ApprovalCommands =>
    [
        .. new[] { "@pm", "@dev", "@operator" }.SelectMany(by =>
            new (string, string, ApprovalCommand)[] { ("approve", by, new DecideApproval(true)), ("reject", by, new DecideApproval(false)) }),
        ("approve an option that is not there", "@pm", new DecideApproval(true, "maybe")), ("time is up", Handle.System, new ApprovalTimeIsUp()),
    ];

    private static (string Name, IncidentCommand Command)[] Commands { get; } =
    [
        ("acknowledge", new AcknowledgeIncident()), ("assess", new AssessIncident("all", "all", "now", "config", ["monitoring"])),
        ("assess a check that is not there", new AssessIncident(Checks: ["tea"])), ("mitigate", new MitigateIncident("rollback")),
        ("mitigate done", new MitigateIncident(Done: true)), ("mitigate by nothing", new MitigateIncident()),
        ("resolve", new ResolveIncident(Fix: "rolled back", Verified: Play.Verified)), ("resolve unverified", new ResolveIncident()),
        ("resolve without a fix", new ResolveIncident(Verified: Play.Verified)),
        ("reopen", new ReopenIncident("again")), ("close", new CloseIncident([.. Checklists.SuccessCriteria.Select(item => item.Id)])),
        ("close with boxes open", new CloseIncident()),
        ("close overriding", new CloseIncident(OverrideReason: "drill")),
        ("cancel", new CancelIncident("false alarm")),
        ("note", new NoteIncident("a note")), ("raise severity", new ChangeSeverity(Severity.Sev1)), ("lower severity", new ChangeSeverity(Severity.Sev4)),
        ("add responder", new AddResponder("@qa", "scribe")),
        ("add nobody", new AddResponder("@nobody", "scribe")),
        ("change commander", new ChangeCommander("@qa")),
        ("join alerts", new JoinAlerts("group", [], null)), ("respond clock", new IncidentTimeIsUp("respond")),
    ];

    private static Stage Incident(int steps)
    {
        var stage = new Stage();
        stage.Declared(Play.Declare(severity: Severity.Sev3));
        IncidentCommand[] way =
        [
            new AssessIncident("all"), new MitigateIncident("rollback"), new MitigateIncident(Done: true),
            new ResolveIncident(Fix: "rolled back", Verified: Play.Verified), new CloseIncident(OverrideReason: "drill"),
        ];
        foreach (var command in way.Take(steps)) stage.Do("INC-1", command, "@pm");
        return stage;
    }

    private static Stage Halt(params HaltScope?[] lifts)
    {
        var stage = new Stage();
        stage.Do("HLT-1", new RaiseHalt(HaltScope.All, "drill"), "@operator");
        foreach (var part in lifts) stage.Do("HLT-1", new LiftHalt(part), "@operator");
        return stage;
    }

    private static Stage Agent(bool halted, bool knows)
    {
        var stage = new Stage();
        stage.Do(new RegisterAgent(["dev"], null), "@ada");
        if (halted) stage.Do("HLT-1", new RaiseHalt(HaltScope.All, "drill"), "@operator");
        if (knows) stage.Do(new FetchInbox(), "@ada");
        return stage;
    }

    private static Stage Decided(bool approve)
    {
        var stage = Play.Emergency("Complete");
        stage.Do("AT-EMRG-01", new SettleApproval(stage.Atp("AT-EMRG-01").Approvals[0].Id, new DecideApproval(approve)), "@pm");
        return stage;
    }
}
