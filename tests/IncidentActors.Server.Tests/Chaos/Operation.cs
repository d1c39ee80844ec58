using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Chaos;

internal enum Answered
{
    /// <summary>The server said that it is done: it must be there exactly once.</summary>
    Acknowledged,

    /// <summary>The server said that it is not done: it must never be there.</summary>
    Refused,

    /// <summary>No answer, or one that leaves it open: it may be there once.</summary>
    Unknown,
}

/// <summary>One command as its client saw it. The note is unique, so that it can be found in the journal.</summary>
/// <param name="Tries">How often it was sent, with one key, until its outcome was known.</param>
internal sealed record Operation(string Agent, string Atp, string Note, Answered Answered, int Tries, TimeSpan Took);

/// <summary>All operations of a run, in the order of their answers.</summary>
internal sealed class History
{
    private readonly List<Operation> operations = [];
    private long added;

    public void Add(Operation operation)
    {
        lock (operations) operations.Add(operation);
        Interlocked.Increment(ref added);
    }

    /// <summary>Waits until that many more operations have an outcome.</summary>
    public Task GrowsAsync(int by)
    {
        var wanted = Interlocked.Read(ref added) + by;
        return Eventually.TrueAsync(() => Interlocked.Read(ref added) >= wanted, $"the outcome of {by} more operations");
    }

    /// <summary>What was added since the last call.</summary>
    public IReadOnlyList<Operation> Take()
    {
        lock (operations)
        {
            var taken = operations.ToList();
            operations.Clear();
            return taken;
        }
    }
}
