using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Archives;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Engine.Seals;

/// <summary>Makes proofs from a journal. They are as true as the journal: <see cref="SealVerification"/> says whether it is.</summary>
public static class Proofs
{
    /// <param name="subject">A halt or an incident.</param>
    /// <exception cref="InvalidOperationException">The subject does not exist, or its last event is not sealed yet.</exception>
    /// <param name="archived">Actors of the incident whose events are all in it with their contents.</param>
    public static async Task<ProofBundle> MakeAsync(
        IStore journal, ActorId subject, CancellationToken cancel, IReadOnlyCollection<ActorId>? archived = null)
    {
        if ((await journal.LoadAsync(subject, cancel)) is { } stored && States.Read(subject.Kind, stored.Document.Span).Archived is { } elsewhere)
            throw new InvalidOperationException($"{elsewhere.Sentence(subject.Key)} The file is the incident's proof.");
        var own = await journal.HistoryAsync(subject, 0, int.MaxValue, cancel);
        if (own.Count == 0) throw new InvalidOperationException($"There is no {subject} in the journal; check the id and --data or --journal.");
        var (first, last) = await RangeAsync(journal, subject, own, cancel);
        var others = subject.Kind == ActorKind.Halt ? await HaltFacts.ActorsAsync(journal, own, last, cancel) : [];
        foreach (var other in others.Concat(archived ?? []))
        {
            if (await journal.HistoryAsync(other, 0, 1, cancel) is [var born] && !SealChain.Reaches(born.Cursor, first)) first = born.Cursor;
        }

        bool IsOpen(StoredEvent one) => one.Actor == subject || one.Incident == subject.Key
            || archived?.Contains(one.Actor) == true || HaltFacts.IsFact(others, one);
        var seals = new List<ProvenSeal>();
        var rows = ArchiveRows.Of((await ArchiveRows.StandingAsync(journal, cancel)).Values, await SealChain.OriginAsync(journal, cancel));
        if (subject.Kind == ActorKind.Halt && rows.Any(row => SealChain.Reaches(row.Cursor, first) && SealChain.Reaches(last, row.Cursor)))
        {
            throw new InvalidOperationException(
                $"Events that a proof of {subject.Key} needs are in an archive. Put them back first: 'incident journal restore FILE'.");
        }

        string? after = null;
        await foreach (var (_, seal) in SealChain.ReadAsync(journal, cancel))
        {
            if (SealChain.Reaches(seal.To, first))
            {
                var wanted = after is null || !SealChain.Reaches(after, last);
                seals.Add(new ProvenSeal(seal with { Marks = null }, wanted ? await EventsAsync(journal, after, seal, IsOpen, rows, cancel) : null));
            }

            after = seal.To;
        }

        return after is not null && SealChain.Reaches(after, last)
            ? new ProofBundle(1, subject.ToString(), seals)
            : throw new InvalidOperationException($"The last event of {subject} is not sealed yet. A server that runs on the journal seals it within seconds.");
    }

    /// <summary>The cursors of the first and the last event. A halt that is active reaches to the end of the chain.</summary>
    private static async Task<(string First, string Last)> RangeAsync(
        IStore journal, ActorId subject, IReadOnlyList<StoredEvent> own, CancellationToken cancel)
    {
        if (subject.Kind == ActorKind.Halt)
        {
            if (own.Any(one => one.Name == "halt.lifted.v1")) return (own[0].Cursor, own[^1].Cursor);
            var end = (await SealChain.HeadAsync(journal, cancel)).Head?.To;
            return (own[0].Cursor, end is not null && SealChain.Reaches(end, own[^1].Cursor) ? end : own[^1].Cursor);
        }

        var (first, last) = (own[0].Cursor, own[^1].Cursor);
        for (string? after = null; ;)
        {
            var page = await journal.FeedAsync(after, Sealer.MaxEvents, subject.Key, cancel);
            if (page.Events.IsEmpty) return (first, last);
            if (!SealChain.Reaches(page.Events[0].Cursor, first)) first = page.Events[0].Cursor;
            if (!SealChain.Reaches(last, page.Events[^1].Cursor)) last = page.Events[^1].Cursor;
            after = page.Cursor;
        }
    }

    private static async Task<ImmutableArray<ProvenEvent>> EventsAsync(
        IStore journal, string? after, Seal seal, Func<StoredEvent, bool> isOpen, Queue<ArchivedRow> rows, CancellationToken cancel)
    {
        var events = new List<ProvenEvent>();
        while (rows.TryPeek(out var row) && SealChain.Reaches(seal.To, row.Cursor))
        {
            rows.Dequeue();
            if (after is null || !SealChain.Reaches(after, row.Cursor)) events.Add(ProvenEvent.Of(row));
        }

        await foreach (var one in SealChain.FeedAsync(journal, after, cancel))
        {
            if (!SealChain.Reaches(seal.To, one.Cursor)) break;
            events.Add(ProvenEvent.Of(one, isOpen(one)));
        }

        return [.. events.OrderBy(one => ArchiveRows.Place(one.Cursor))];
    }
}
