using System.Runtime.InteropServices;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

/// <summary>What an <see cref="InMemoryStore"/> holds, and how a turn changes it. Not safe for concurrent use.</summary>
internal sealed partial class InMemoryTables
{
    private long lastEffect;

    public Dictionary<ActorId, Actor> Actors { get; } = [];
    public List<StoredEvent> Events { get; } = [];

    /// <summary>Positions of events that only an archive holds.</summary>
    public HashSet<long> Archived { get; } = [];
    public Dictionary<string, (StoredAnswer Answer, DateTimeOffset At)> Answers { get; } = [];
    public Dictionary<string, ActorId> Claims { get; } = [];

    /// <summary>In the order of their commits.</summary>
    public OrderedDictionary<string, StoredMessage> Messages { get; } = [];
    public OrderedDictionary<string, HaltRecord> Halts { get; } = [];
    public long HaltEpoch { get; private set; }
    public Dictionary<string, PendingEffect> Effects { get; } = [];
    public SortedSet<(DateTimeOffset Ready, long Number, string Id)> Ready { get; } = [];

    public long Version(ActorId actor) => Actors.TryGetValue(actor, out var found) ? found.Stored.Version : 0;

    /// <summary>Writes a turn that has been judged; returns the position of its first event, 0 without any.</summary>
    public long Apply(TurnRecord turn)
    {
        var first = turn.Appends.IsEmpty ? 0 : Events.Count + 1;
        foreach (var append in turn.Appends) Apply(turn, append);
        if (turn.Archives is { } messageIds) Archive(turn.Appends, messageIds);
        foreach (var one in turn.Restores)
        {
            Archived.Remove(one.Position);
            Actors[one.Actor].History.Add(one);
            Actors[one.Actor].History.Sort(static (a, b) => a.Version.CompareTo(b.Version));
        }

        if (turn.Answer is { } answer)
            Answers.Add(answer.Key, (new StoredAnswer(answer.Key, answer.RequestHash, answer.Json), turn.At));
        if (turn.Consumes is { } consumed) Remove(consumed.EffectId);
        foreach (var id in turn.Cancels) Remove(id);
        foreach (var effect in turn.Effects) Add(effect);
        foreach (var release in turn.Releases)
        {
            if (Claims.TryGetValue(release.Name, out var holder) && holder == release.Holder) Claims.Remove(release.Name);
        }

        foreach (var claim in turn.Claims) Claims[claim.Name] = claim.Holder;
        foreach (var message in turn.Messages) Messages.Add(message.Id, new StoredMessage(message, null, null, null));
        foreach (var ack in turn.Acks)
        {
            if (Messages.TryGetValue(ack.MessageId, out var message) && message.AckedAt is null)
                Messages[ack.MessageId] = message with { AckedAt = ack.At, AckedBy = ack.By, AckNotes = ack.Notes };
        }

        foreach (var halt in turn.Halts)
        {
            Halts[halt.Id] = halt;
            HaltEpoch++;
            if (!halt.Active || !halt.Lifts.IsEmpty) Unpark(halt.Id);
        }

        return first;
    }

    public void Put(PendingEffect effect)
    {
        Remove(effect.Record.Id);
        Effects.Add(effect.Record.Id, effect);
        Ready.Add((effect.Ready, effect.Number, effect.Record.Id));
    }

    private void Apply(TurnRecord turn, Append append)
    {
        ref var actor = ref CollectionsMarshal.GetValueRefOrAddDefault(Actors, append.Actor, out _);
        actor ??= new Actor(Actors.Count, []);
        var version = append.ExpectedVersion;
        foreach (var one in append.Events)
        {
            var position = Events.Count + 1L;
            var stored = new StoredEvent(
                new FeedCursor(0, position).ToString(), position, append.Actor, ++version, one.Name, turn.At.ToUniversalTime(), turn.By,
                one.Payload, append.Timeline, turn.Consumes?.EffectId, turn.Token, turn.Trace);
            Events.Add(stored);
            actor.History.Add(stored);
        }

        actor.Stored = new StoredActor(append.Actor, version, append.Document, append.Index);
    }

    private void Archive(IEnumerable<Append> appends, IEnumerable<string> messageIds)
    {
        foreach (var append in appends)
        {
            var history = Actors[append.Actor].History;
            Archived.UnionWith(history.Where(one => one.Version <= append.ExpectedVersion).Select(one => one.Position));
            history.RemoveAll(one => one.Version <= append.ExpectedVersion);
        }

        foreach (var id in messageIds) Messages.Remove(id);
    }

    private void Add(EffectRecord effect)
    {
        var ready = effect.LeaseUntil is { } until && until > effect.Due ? until : effect.Due;
        Put(new PendingEffect(effect, ++lastEffect, ready, effect.LeaseToken ?? "", effect.LeaseToken is null ? 0 : 1));
    }

    private void Unpark(string haltId)
    {
        foreach (var effect in Effects.Values.Where(effect => effect.LeaseToken == Parking.Token(haltId)).ToList())
            Put(effect with { LeaseToken = "", Ready = effect.Record.Due });
    }

    private void Remove(string id)
    {
        if (Effects.Remove(id, out var old)) Ready.Remove((old.Ready, old.Number, id));
    }

    /// <param name="Born">Ascending in the order in which actors came into being.</param>
    public sealed record Actor(long Born, List<StoredEvent> History)
    {
        public StoredActor Stored { get; set; } = null!;
    }

    /// <param name="Ready">When it may be taken: due, and not leased.</param>
    public sealed record PendingEffect(EffectRecord Record, long Number, DateTimeOffset Ready, string LeaseToken, int Attempts)
    {
        public DueEffect Due() => new(
            Record.Id, Record.Target, Record.Command, Record.Due, Record.Counted, Record.Subject, Record.Clock, LeaseToken, Attempts);
    }
}
