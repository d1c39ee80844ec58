using System.Collections.Immutable;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Turns;

/// <summary>Turns a decision into what the journal commits: documents, messages, claims and halts follow from events and states alone.</summary>
internal sealed class TurnRecords(EngineOptions options)
{
    /// <summary>The record, and the states after it by actor.</summary>
    public (TurnRecord Record, Dictionary<ActorId, Known> After) Make(
        TurnRequest request, Decision decision, IReadOnlyDictionary<ActorId, Known> seen, Subject? subject)
    {
        var call = request.Call;
        var appends = ImmutableArray.CreateBuilder<Append>();
        var claims = ImmutableArray.CreateBuilder<ClaimRecord>();
        var releases = ImmutableArray.CreateBuilder<ClaimRecord>();
        var messages = ImmutableArray.CreateBuilder<MessageRecord>();
        var acks = ImmutableArray.CreateBuilder<MessageAck>();
        var after = new Dictionary<ActorId, Known>();
        var halts = ImmutableArray.CreateBuilder<HaltRecord>();
        foreach (var change in Registered(decision, seen, call))
        {
            var before = seen[change.Actor];
            var state = before.State;
            var events = ImmutableArray.CreateBuilder<EventRecord>(change.Events.Length);
            foreach (var one in change.Events)
            {
                state = States.Evolve(change.Actor, state, new RecordedEvent(one, call.At, call.By));
                events.Add(new EventRecord(EventTypes.NameOf(one), EventTypes.Write(one)));
                if (one is MessageSent sent) messages.Add(Message((AtpState)state!, sent, call.At));
                if (one is MessageAcknowledged ack) acks.Add(new MessageAck(MessageIds.Of(change.Actor.Key, ack.Number), call.By, call.At, ack.Notes));
                if (one is MessageWithdrawn gone)
                    acks.Add(new MessageAck(MessageIds.Of(change.Actor.Key, gone.Number), Handle.System, call.At, gone.Reason));
            }

            after[change.Actor] = new Known(before.Version + change.Events.Length, state);
            appends.Add(new Append(change.Actor, before.Version, events.MoveToImmutable(), States.Write(state!), States.Index(state!)));
            var held = States.Claims(before.State).ToHashSet();
            var wanted = States.Claims(state).ToHashSet();
            claims.AddRange(wanted.Except(held).Select(name => new ClaimRecord(name, change.Actor)));
            releases.AddRange(held.Except(wanted).Select(name => new ClaimRecord(name, change.Actor)));
            if (state is HaltState halted && halted.Record() is { } record) halts.Add(record);
        }

        var turn = new TurnRecord
        {
            At = call.At,
            By = call.By,
            Appends = appends.ToImmutable(),
            Guards = [.. seen.Where(pair => !after.ContainsKey(pair.Key)).Select(pair => new Guard(pair.Key, pair.Value.Version))],
            Subject = subject,
            Consumes = request.Consumes,
            Claims = claims.ToImmutable(),
            Releases = releases.ToImmutable(),
            Messages = messages.ToImmutable(),
            Acks = acks.ToImmutable(),
            Halts = halts.ToImmutable(),
            Token = call.Token,
            Trace = call.Trace,
        };
        return (WithEffects(turn, request.Home, decision, call.Seed), after);
    }

    /// <summary>An agent becomes known by its first turn, in the same commit, with the roles and the team that its token says. A later turn for
    /// another team says so.</summary>
    private IEnumerable<Change> Registered(Decision decision, IReadOnlyDictionary<ActorId, Known> seen, Call call)
    {
        var caller = ActorId.Agent(call.By);
        var changes = decision.Changes.ToList();
        if (call.BySystem || !seen.TryGetValue(caller, out var known) || changes.Count == 0) return changes;
        var index = changes.FindIndex(change => change.Actor == caller);
        if (index >= 0 && changes[index].Events is [AgentRegistered, ..]) return changes;
        if (First((AgentState?)known.State, call) is not { } first) return changes;
        if (index >= 0)
            changes[index] = changes[index] with { Events = changes[index].Events.Insert(0, first) };
        else
            changes.Add(new Change(caller, [first]));
        return changes;
    }

    /// <summary>What the caller's own history says of the turn; null if it says nothing new.</summary>
    private IEvent? First(AgentState? agent, Call call)
    {
        if (agent is null)
            return new AgentRegistered(call.By, call.Roles ?? options.Roster.RolesOf(call.By), call.Team ?? options.Roster.Find(call.By)?.Team);
        var team = call.Team ?? agent.Team;
        return team == (agent.ActsFor ?? agent.Team) ? null : new AgentActsFor(team);
    }

    private TurnRecord WithEffects(TurnRecord turn, ActorId home, Decision decision, string seed)
    {
        if (decision.Effects.Count == 0) return turn;
        var effects = new Dictionary<string, EffectRecord>();
        var cancels = new HashSet<string>();
        var told = 0;
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case StartClock start:
                    var clock = ClockId(start.Owner, start.Name);
                    effects[clock] = new EffectRecord(clock, start.Owner, Write(start.Command), start.Due, turn.At, start.Subject, Clock: true);
                    cancels.Remove(clock);
                    break;
                case StopClock stop:
                    effects.Remove(ClockId(stop.Owner, stop.Name));
                    cancels.Add(ClockId(stop.Owner, stop.Name));
                    break;
                case SendCommand tell:
                    var id = $"{home}@{seed}.{++told}";
                    effects[id] = new EffectRecord(
                        id, tell.To, Write(tell.Command), turn.At, turn.At, null, Clock: false, options.Node, turn.At + options.EffectLease);
                    break;
                default:
                    throw new InvalidOperationException($"no effect {effect.GetType().Name}");
            }
        }

        return turn with { Effects = [.. effects.Values], Cancels = [.. cancels] };
    }

    public static string ClockId(ActorId owner, string name) => $"{owner}#{name}";

    private static byte[] Write(ICommand command) =>
        JsonSerializer.SerializeToUtf8Bytes(command, CoreJson.Options.GetTypeInfo(typeof(ICommand)));

    internal static MessageRecord Message(AtpState atp, MessageSent sent, DateTimeOffset at) => new(
        atp.MessageId(sent.Number), sent.To, sent.From, atp.Id, atp.IncidentId, sent.Type, sent.Priority, sent.Subject, sent.Body,
        sent.RequiresAck, at);
}
