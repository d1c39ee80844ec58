using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;

namespace IncidentActors.Core.Agents;

/// <param name="EndedTurns">By session: the closure that ended its turn.</param>
/// <param name="ConfirmedHalts">Halts that the agent knows of and has not come back from.</param>
public sealed record AgentState(
    string Handle,
    ImmutableArray<string> Roles,
    string? Team,
    DateTimeOffset RegisteredAt,
    ImmutableSortedDictionary<string, EndedTurn> EndedTurns,
    ImmutableSortedDictionary<string, ConfirmedHalt> ConfirmedHalts) : IActorState
{
    /// <summary>Twice as long as briefings are asked for.</summary>
    private static readonly TimeSpan KeptBriefings = HaltBriefing.AskedFor * 2;

    /// <summary>Enforcement points that outside actions of the agent have used; no halt stops what it does without one.</summary>
    public ImmutableSortedSet<string> Guards { get; init; } = [];

    /// <summary>The team of its last turn's access token, where that is another than <see cref="Team"/>; or null.</summary>
    public string? ActsFor { get; init; }

    /// <summary>Briefings of the last two weeks by halt.</summary>
    public ImmutableSortedDictionary<string, GivenBriefing> Briefings { get; init; } = ImmutableSortedDictionary<string, GivenBriefing>.Empty;

    /// <summary>Halts that have covered the agent, do not any more, and whose briefing it has not acknowledged.</summary>
    /// <param name="required">Halts that ask for it and have ended, at least in part.</param>
    public ImmutableArray<HaltRecord> OwedBriefings(IReadOnlyCollection<HaltRecord> required) =>
        required.Count == 0 || HaltPolicy.SubjectOf(Info("")) is not { } self
            ? []
            :
            [
                .. required.Where(halt => Briefings.GetValueOrDefault(halt.Id)?.Acknowledged != true && !halt.Covers(self)
                    && (halt.PausedInterval(self, RegisteredAt, DateTimeOffset.MaxValue) is not null || (!halt.Active && ConfirmedHalts.ContainsKey(halt.Id)))),
            ];

    /// <summary>Halts that have ended, at least in part, of which no inbox of the agent has told, and that may have covered work of it.</summary>
    public IEnumerable<HaltRecord> NotBriefed(IReadOnlyCollection<HaltRecord> ended) =>
        ended.Count == 0 || HaltPolicy.SubjectOf(Info("")) is not { } self
            ? []
            : ended.Where(halt => !Briefings.ContainsKey(halt.Id) && !ConfirmedHalts.ContainsKey(halt.Id) && !halt.Covers(self) && !halt.Scope.Excludes(self));

    public AgentInfo Info(string session) => new(Handle, Roles, Team, EndedTurns.GetValueOrDefault(session));

    public static AgentState? Evolve(AgentState? state, RecordedEvent happened) => happened.Event switch
    {
        AgentRegistered e => new AgentState(
            e.Handle, e.Roles, e.Team, happened.At,
            ImmutableSortedDictionary<string, EndedTurn>.Empty, ImmutableSortedDictionary<string, ConfirmedHalt>.Empty),
        AgentActsFor e => state! with { ActsFor = e.Team == state.Team ? null : e.Team },
        AgentTurnEnded e => state! with { EndedTurns = state.EndedTurns.SetItem(e.Session, new EndedTurn(e.AtpId, happened.At)) },
        AgentTurnStarted e => state! with { EndedTurns = state.EndedTurns.Remove(e.Session) },
        AgentHaltConfirmed e => state! with
        {
            ConfirmedHalts = state.ConfirmedHalts.SetItem(e.HaltId, new ConfirmedHalt(happened.At, e.SetAside)),
        },
        AgentBriefed e => state!.Given(e.HaltId, happened.At, acknowledged: false),
        AgentBriefingAcknowledged e => state!.Given(e.HaltId, happened.At, acknowledged: true),
        AgentGuarded e => state! with { Guards = state.Guards.Add(e.Path) },
        AgentResumed e => (state! with { ConfirmedHalts = state.ConfirmedHalts.Remove(e.HaltId) })
            .Given(e.HaltId, happened.At, state.Briefings.GetValueOrDefault(e.HaltId)?.Acknowledged == true, e.Resumed),
        _ => throw new InvalidOperationException($"an agent cannot handle the event {happened.Event.GetType().Name}"),
    };

    /// <param name="setAside">Null: as known.</param>
    private AgentState Given(string haltId, DateTimeOffset at, bool acknowledged, ImmutableArray<string>? setAside = null) => this with
    {
        Briefings = Briefings.RemoveRange(Briefings.Where(one => one.Value.At < at - KeptBriefings).Select(one => one.Key))
            .SetItem(haltId, new GivenBriefing(at, acknowledged) { SetAside = setAside ?? Briefings.GetValueOrDefault(haltId)?.SetAside ?? [] }),
    };

    /// <summary>Unacknowledged briefings of the last minute. Inboxes repeat them, because the answer that carried them may be lost.</summary>
    public IEnumerable<KeyValuePair<string, GivenBriefing>> Repeated(DateTimeOffset now) =>
        Briefings.Where(one => !one.Value.Acknowledged && one.Value.At > now - HaltBriefing.RepeatedFor);
}

/// <param name="At">When it was given, or acknowledged.</param>
public sealed record GivenBriefing(DateTimeOffset At, bool Acknowledged)
{
    /// <summary>What the agent had set aside under the halt, in its order.</summary>
    public ImmutableArray<string> SetAside { get; init; } = [];
}

/// <param name="SetAside">In the order in which the work is found again.</param>
public sealed record ConfirmedHalt(DateTimeOffset At, ImmutableArray<string> SetAside);
