using System.Collections.Immutable;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Knowledge;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Knowledge;
using IncidentActors.Engine.Turns;

namespace IncidentActors.Testing.Stores;

/// <summary>Search by reading every entry: rare words weigh more, and so do titles and tags.</summary>
public sealed partial class InMemoryStore
{
    public Task<IReadOnlyList<KnowledgeHit>> SearchAsync(ImmutableArray<string> words, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var entries = tables.Actors.Values.Where(actor => actor.Stored.Actor.Kind == ActorKind.Knowledge)
                .Select(actor => (actor.Stored, Weights: Weights(((KnowledgeState)States.Read(ActorKind.Knowledge, actor.Stored.Document.Span)).Entry)))
                .ToList();
            var wanted = words.Select(KnowledgeWords.Stem).Distinct().ToList();
            var rarity = wanted.ToDictionary(
                word => word, word => Math.Log(1 + ((entries.Count + 0.5) / (entries.Count(entry => entry.Weights.ContainsKey(word)) + 0.5))));
            return Task.FromResult<IReadOnlyList<KnowledgeHit>>(
            [
                .. entries
                    .Select(entry => new KnowledgeHit(entry.Stored, wanted.Sum(word => rarity[word] * entry.Weights.GetValueOrDefault(word))))
                    .Where(hit => hit.Score > 0)
                    .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Stored.Actor.Key, StringComparer.Ordinal)
                    .Take(limit),
            ]);
        }
    }

    private static Dictionary<string, double> Weights(KnowledgeEntry entry)
    {
        var weights = new Dictionary<string, double>();
        Add(entry.Title, 4);
        Add(string.Join(' ', entry.Tags), 3);
        Add(string.Join(' ', entry.RelatedFiles), 1);
        Add(entry.Impact, 1);
        Add(entry.Body, 1);
        return weights;

        void Add(string? text, double weight)
        {
            var words = new string([.. (text ?? "").Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]);
            var joined = KnowledgeWords.Of(text).Where(word => word.Contains('+', StringComparison.Ordinal));
            foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(KnowledgeWords.Stem).Concat(joined).Distinct())
                weights[word] = weights.GetValueOrDefault(word) + weight;
        }
    }
}
