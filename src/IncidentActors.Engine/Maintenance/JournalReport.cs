using System.Text.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Seals;

namespace IncidentActors.Engine.Maintenance;

/// <summary>What <c>incident journal verify</c> prints.</summary>
/// <param name="Whole">Nothing was found.</param>
public sealed record JournalReport(bool Whole, IReadOnlyList<string> Lines)
{
    /// <param name="sealLog">Lines of the file of seals that a server kept outside of the journal.</param>
    public static async Task<JournalReport> MakeAsync(IStore journal, IReadOnlyList<string> sealLog, CancellationToken cancel)
    {
        try
        {
            var seals = await SealVerification.RunAsync(journal, sealLog, cancel);
            var verified = await JournalVerification.RunAsync(journal.ReadAllAsync(cancel), cancel);
            List<string> problems = [.. seals.Problems, .. verified.Problems, .. await journal.StrayColumnsAsync(cancel)];
            return new JournalReport(
                problems.Count == 0,
                [
                    .. problems.Select(problem => $"✗ {problem}"),
                    problems.Count == 0
                        ? $"✓ {journal.Description} is whole: {verified.Events} events of {verified.Actors} actors, {verified.Effects} effects to come"
                        : $"{journal.Description} is not whole: {problems.Count} problems in {verified.Events} events of {verified.Actors} actors",
                    .. Sealed(seals, verified.Events),
                ]);
        }
        catch (Exception error) when (error is FormatException or InvalidDataException or JsonException or ArgumentException)
        {
            return new JournalReport(false, [$"✗ a row cannot be read: {error.Message}", $"{journal.Description} is not whole"]);
        }
    }

    private static IEnumerable<string> Sealed(VerifiedSeals seals, long events)
    {
        if (seals.Since is not { } since)
        {
            yield return "  no event is sealed yet: a server that runs on the journal seals them";
            yield break;
        }

        var pending = Math.Max(0, events + seals.Archived - seals.Events);
        yield return $"  sealed since {since:u}: {seals.Events} events in {seals.Seals} seals, {pending} not sealed yet";
        if (seals.Archived > 0) yield return $"  {seals.Archived} events are archived, with digests as the seals say; 'verify --archive FILE' verifies a file";
        if (seals.Late > 0) yield return $"  {seals.Late} events were sealed late, as they were found: older than their seals by more than a minute";
        if (seals.Unsigned > 0) yield return $"  {seals.Unsigned} seals are not signed: who can write the journal can make them again (--seal-key)";
        foreach (var key in seals.Keys) yield return $"  signed by the key {key}";
    }
}
