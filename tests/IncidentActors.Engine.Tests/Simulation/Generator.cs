using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>Draws what clients want, from what there is; it may look at the ledger, so that most of it makes sense.</summary>
internal sealed class Generator(World world)
{
    private int count;

    public Operation Next()
    {
        var key = $"k{++count}";
        return world.Random.Next(100) switch
        {
            < 4 => Declare(key),
            < 11 => AtpOperations.Create(world, key),
            < 71 => AtpOperations.On(world, key) ?? AtpOperations.Create(world, key),
            < 79 => OnIncident(key) ?? Declare(key),
            < 82 => Halt(key),
            < 91 => Lift(key) ?? Inbox(key),
            < 98 => Inbox(key),
            _ => new Operation(key, Agent(), ActorId.Agent(""), new AcknowledgeHalt(AnyOf<HaltState>()?.Id ?? "HLT-0")),
        };
    }

    private string Agent() => world.Pick(World.Agents);

    private T? AnyOf<T>()
        where T : class, IActorState
    {
        var all = world.Ledger.States.Values.OfType<T>().ToList();
        return all.Count == 0 ? null : world.Pick(all);
    }

    private Operation Inbox(string key) => new(key, world.Random.Next(3) == 0 ? "@pm" : Agent(), ActorId.Agent(""), new FetchInbox());

    private Operation Declare(string key)
    {
        var dedup = world.Random.Next(3) == 0 ? $"dedup-{world.Random.Next(4)}" : null;
        var group = world.Random.Next(3) == 0 ? $"group-{world.Random.Next(3)}" : null;
        var alerts = group is null
            ? []
            : Enumerable.Range(0, world.Random.Next(1, 4)).Select(_ => Alert()).DistinctBy(alert => alert.Fingerprint).ToImmutableArray();
        var severity = (Severity)world.Random.Next(1, 5);
        if (severity == Severity.Sev1 && world.Random.Next(3) > 0) severity = Severity.Sev3;
        return new Operation(key, Handle.Alertmanager, ActorId.Incident(""), new DeclareIncident(
            $"down {key}.", severity, (IncidentCategory)world.Random.Next(6), DedupKey: dedup, Group: group, Alerts: alerts,
            Directed: world.Random.Next(4) == 0 ? "@qa" : null));
    }

    private AlertSeen Alert() => new(
        $"alert-{world.Random.Next(5)}", "probe", (AlertStatus)world.Random.Next(2), new DateTimeOffset(
            2026, 11, 21, 2, world.Random.Next(3), 0, TimeSpan.Zero), null, null);

    private Operation? OnIncident(string key)
    {
        if (AnyOf<IncidentState>() is not { } incident) return null;
        var by = world.Random.Next(4) > 0 ? world.Pick(incident.Responders).Handle : Agent();
        IncidentCommand command = world.Random.Next(13) switch
        {
            0 => new AcknowledgeIncident(),
            1 => new AssessIncident("all", "all", "now", world.Random.Next(2) == 0 ? "config" : null, ["monitoring"]),
            2 => new MitigateIncident("rollback", ExpectedMinutes: 2, Done: world.Random.Next(2) == 0),
            3 => new ResolveIncident(
                Fix: "rolled back", Verified: [.. Checklists.Verification.Select(item => item.Id)], NoFix: world.Random.Next(2) == 0 ? "it is over" : null),
            4 => new ReopenIncident("again"),
            5 => new CloseIncident(OverrideReason: "drill"),
            6 => new CancelIncident("false alarm"),
            7 or 8 => new ChangeSeverity((Severity)world.Random.Next(1, 5)),
            9 => new AddResponder(Agent(), "responder"),
            10 => new ChangeCommander(Agent()),
            _ => new NoteIncident($"note {key}."),
        };
        return new Operation(key, by, ActorId.Incident(incident.Id), command, command is NoteIncident ? $"note {key}." : null);
    }

    private Operation Halt(string key)
    {
        var incident = world.Random.Next(3) == 0 ? AnyOf<IncidentState>() : null;
        var scope = world.Random.Next(6) switch
        {
            0 => HaltScope.All,
            1 => new HaltScope(HaltScopeKind.Team, world.Random.Next(2) == 0 ? "red" : "blue"),
            2 => new HaltScope(HaltScopeKind.Agent, Agent()),
            _ => new HaltScope(HaltScopeKind.Atp, AnyOf<AtpState>()?.Id ?? "AT-1"),
        };
        var mode = world.Random.Next(8) == 0 ? HaltMode.Shadow : HaltMode.Enforce;
        var by = world.Random.Next(3) == 0 ? incident?.Commander ?? "@pm" : "@operator";
        return new Operation(key, by, ActorId.Halt($"HLT-{key}"), new RaiseHalt(scope, $"halt {key}.", incident?.Id, mode), $"halt {key}.");
    }

    private Operation? Lift(string key)
    {
        if (world.Ledger.States.Values.OfType<HaltState>().Where(halt => halt.LiftedAt is null).ToList() is not { Count: > 0 } active) return null;
        var halt = world.Pick(active);
        HaltScope? part = world.Random.Next(4) != 0
            ? null
            : world.Random.Next(2) == 0 ? new HaltScope(HaltScopeKind.Agent, Agent())
            : new HaltScope(HaltScopeKind.Team, "red");
        return new Operation(key, world.Random.Next(3) == 0 ? halt.Commander ?? Agent() : "@operator", ActorId.Halt(halt.Id), new LiftHalt(part));
    }
}
