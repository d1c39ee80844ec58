using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Archives;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Maintenance;

/// <summary>Everything that follows from the events alone, made again from them: documents, claims, inbox rows, halts.</summary>
internal sealed class Refold
{
    private readonly Dictionary<ActorId, Known> actors = [];
    private readonly Dictionary<ActorId, ActorArchived> archives = [];
    private readonly Dictionary<string, MessageLine> messages = [];

    public IReadOnlyDictionary<ActorId, Known> Actors => actors;

    /// <summary>The actors with an archived history; their states are not known here.</summary>
    public IReadOnlyDictionary<ActorId, ActorArchived> Archives => archives;
    public IReadOnlyDictionary<string, MessageLine> Messages => messages;

    /// <summary>The next event in the order of the feed; a sentence when it cannot be the next one of its actor.</summary>
    /// <exception cref="UnknownEventException">A newer program wrote it.</exception>
    public string? See(EventLine line)
    {
        var before = actors.GetValueOrDefault(line.Actor);
        if (before.Version == 0 && line.Version > 1 && line.Name == ArchiveRows.Name)
        {
            var archived = ArchiveRows.Read(line.Payload);
            archives[line.Actor] = archived;
            actors[line.Actor] = new Known(line.Version, null);
            return archived.Rows().Count() == line.Version - 1 ? null : $"{line.Actor} has an archive of another number of events than it had";
        }

        if (line.Version != before.Version + 1) return $"{line.Actor} has version {line.Version} after {before.Version}";
        var one = EventTypes.Read(line.Name, line.Payload.Span);
        var state = States.Evolve(line.Actor, before.State, new RecordedEvent(one, line.At, line.By));
        actors[line.Actor] = new Known(line.Version, state);
        switch (one)
        {
            case MessageSent sent:
                var record = TurnRecords.Message((AtpState)state!, sent, line.At);
                messages[record.Id] = new MessageLine(record, null, null, null);
                break;
            case MessageAcknowledged ack when messages.TryGetValue(MessageIds.Of(line.Actor.Key, ack.Number), out var message) && message.AckedAt is null:
                messages[message.Message.Id] = message with { AckedAt = line.At, AckedBy = line.By, AckNotes = ack.Notes };
                break;
            case MessageWithdrawn gone when messages.TryGetValue(MessageIds.Of(line.Actor.Key, gone.Number), out var message) && message.AckedAt is null:
                messages[message.Message.Id] = message with { AckedAt = line.At, AckedBy = Handle.System, AckNotes = gone.Reason };
                break;
        }

        return null;
    }

    public ImmutableSortedDictionary<string, ActorId> Claims() =>
        actors.SelectMany(actor => States.Claims(actor.Value.State).Select(name => KeyValuePair.Create(name, actor.Key)))
            .ToImmutableSortedDictionary(StringComparer.Ordinal);

    public IEnumerable<HaltRecord> Halts() =>
        actors.Values.Select(known => known.State).OfType<HaltState>().Select(halt => halt.Record()).OfType<HaltRecord>();
}
