using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Records;

namespace IncidentActors.Testing.Stores;

public sealed partial class InMemoryStore
{
    private readonly Dictionary<string, SortedDictionary<string, StoredRecord>> records = [];

    public Task<StoredRecord?> FindAsync(string kind, string key, CancellationToken cancel)
    {
        lock (gate) return Task.FromResult(Kind(kind).GetValueOrDefault(key));
    }

    public Task<IReadOnlyList<StoredRecord>> ListAsync(string kind, string prefix, string? after, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var found = Kind(kind).Values
                .Where(record => record.Key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(record.Key, after) > 0)
                .Take(limit);
            return Task.FromResult<IReadOnlyList<StoredRecord>>([.. found]);
        }
    }

    public Task<bool> WriteAsync(IReadOnlyList<RecordWrite> writes, CancellationToken cancel)
    {
        lock (gate)
        {
            if (writes.Any(write => (Kind(write.Kind).GetValueOrDefault(write.Key)?.Version ?? 0) != write.ExpectedVersion)) return Task.FromResult(false);
            foreach (var write in writes)
            {
                if (write.Document is { } document)
                    Kind(write.Kind)[write.Key] = new StoredRecord(write.Kind, write.Key, write.ExpectedVersion + 1, document);
                else
                    Kind(write.Kind).Remove(write.Key);
            }

            return Task.FromResult(true);
        }
    }

    private SortedDictionary<string, StoredRecord> Kind(string kind)
    {
        if (!records.TryGetValue(kind, out var known)) records.Add(kind, known = new SortedDictionary<string, StoredRecord>(StringComparer.Ordinal));
        return known;
    }
}
