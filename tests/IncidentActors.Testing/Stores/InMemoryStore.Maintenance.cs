using System.Runtime.CompilerServices;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Testing.Stores;

public sealed partial class InMemoryStore
{
    public async IAsyncEnumerable<JournalLine> ReadAllAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        List<JournalLine> lines;
        lock (gate) lines = [.. tables.Lines()];
        await Task.CompletedTask;
        foreach (var line in lines) yield return line;
    }

    /// <summary>It has no columns beside its records.</summary>
    public Task<IReadOnlyList<string>> StrayColumnsAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    public async Task WriteAllAsync(IAsyncEnumerable<JournalLine> lines, CancellationToken cancel)
    {
        var all = new List<JournalLine>();
        await foreach (var line in lines.WithCancellation(cancel)) all.Add(line);
        HeaderLine.Check(all.Count > 0 ? all[0] : new HeaderLine(0));
        lock (gate)
        {
            if (tables.Actors.Count > 0 || tables.Effects.Count > 0) throw new InvalidOperationException("The journal is not empty.");
            foreach (var line in all) tables.Add(line);
        }
    }
}
