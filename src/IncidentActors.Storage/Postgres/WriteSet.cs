using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Storage.Postgres;

/// <summary>All rows of a segment's turns and all that must be true for them. Actors, events, effects and messages in the order of
/// the turns; the rest in the order in which it is locked.</summary>
internal sealed class WriteSet
{
    private readonly Dictionary<ActorId, int> actorAt = [];

    public WriteSet(IReadOnlyList<TurnRecord> turns)
    {
        for (var i = 0; i < turns.Count; i++) Add(turns[i]);
        Guards.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        Answers.Sort(static (a, b) => string.CompareOrdinal(a.Answer.Key, b.Answer.Key));
        Consumed.Sort(static (a, b) => string.CompareOrdinal(a.EffectId, b.EffectId));
        Canceled.Sort(string.CompareOrdinal);
        Claims.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        Releases.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        Acks.Sort(static (a, b) => string.CompareOrdinal(a.MessageId, b.MessageId));
    }

    public List<Actor> Actors { get; } = [];
    public List<(string Id, long Version)> Guards { get; } = [];
    public List<Event> Events { get; } = [];
    public List<(KeyedAnswer Answer, DateTimeOffset At)> Answers { get; } = [];
    public List<Consumption> Consumed { get; } = [];
    public List<string> Canceled { get; } = [];
    public List<EffectRecord> Effects { get; } = [];
    public List<ClaimRecord> Claims { get; } = [];
    public List<ClaimRecord> Releases { get; } = [];
    public List<MessageRecord> Messages { get; } = [];
    public List<MessageAck> Acks { get; } = [];
    public List<HaltRecord> Halts { get; } = [];

    /// <summary>Up to which version an actor's events leave the store.</summary>
    public List<(string Id, long Version)> Archived { get; } = [];
    public List<string> ArchivedMessages { get; } = [];
    public List<StoredEvent> Restored { get; } = [];

    private void Add(TurnRecord turn)
    {
        foreach (var guard in turn.Guards)
        {
            // An actor that the segment has changed or read before is at this version: the segment was divided so.
            if (actorAt.TryAdd(guard.Actor, -1)) Guards.Add((guard.Actor.ToString(), guard.Version));
        }

        foreach (var append in turn.Appends) Add(turn, append);
        if (turn.Answer is { } answer) Answers.Add((answer, turn.At));
        if (turn.Consumes is { } consumed) Consumed.Add(consumed);
        Canceled.AddRange(turn.Cancels);
        Effects.AddRange(turn.Effects);
        Claims.AddRange(turn.Claims);
        Releases.AddRange(turn.Releases);
        Messages.AddRange(turn.Messages);
        Acks.AddRange(turn.Acks);
        Halts.AddRange(turn.Halts);
        Restored.AddRange(turn.Restores);
        if (turn.Archives is not { } messages) return;
        ArchivedMessages.AddRange(messages);
        Archived.AddRange(turn.Appends.Select(static append => (append.Actor.ToString(), append.ExpectedVersion)));
    }

    private void Add(TurnRecord turn, Append append)
    {
        var version = append.ExpectedVersion + append.Events.Length;
        string id;
        if (actorAt.TryGetValue(append.Actor, out var at) && at >= 0)
        {
            Actors[at] = Actors[at] with { Version = version, Append = append };
            id = Actors[at].Id;
        }
        else
        {
            id = append.Actor.ToString();
            actorAt[append.Actor] = Actors.Count;
            Actors.Add(new Actor(id, append.ExpectedVersion, version, append));
        }

        version = append.ExpectedVersion;
        foreach (var one in append.Events) Events.Add(new Event(turn, append, one, id, ++version));
    }

    /// <param name="Expected">Before the segment; 0: new.</param>
    /// <param name="Append">The last one of the segment: the actor's document.</param>
    public readonly record struct Actor(string Id, long Expected, long Version, Append Append);

    public readonly record struct Event(TurnRecord Turn, Append Append, EventRecord Record, string Actor, long Version);
}
