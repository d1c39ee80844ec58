using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

public sealed partial class InMemoryStore
{
    public Task<int> ForgetAnswersAsync(DateTimeOffset before, int limit, CancellationToken cancel)
    {
        lock (gate)
        {
            var old = tables.Answers.Where(answer => answer.Value.At < before)
                .OrderBy(answer => answer.Value.At).Take(limit).Select(answer => answer.Key).ToList();
            foreach (var key in old) tables.Answers.Remove(key);
            return Task.FromResult(old.Count);
        }
    }
}
