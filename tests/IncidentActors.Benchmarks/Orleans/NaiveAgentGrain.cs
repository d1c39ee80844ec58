namespace IncidentActors.Benchmarks.Orleans;

/// <summary>The design that everybody would try first: a grain per agent, its state in grain storage, a halt that calls each.</summary>
public interface INaiveAgentGrain : IGrainWithStringKey
{
    /// <summary>Does nothing: activates, and measures what a call costs.</summary>
    Task PingAsync();

    Task HaltAsync(string haltId);

    /// <summary>One durable turn.</summary>
    Task NoteAsync(string text);
}

[GenerateSerializer]
public sealed class NaiveAgent
{
    [Id(0)] public List<string> Notes { get; set; } = [];
}

public sealed class NaiveAgentGrain([PersistentState("naive", "snapshots")] IPersistentState<NaiveAgent> agent) : Grain, INaiveAgentGrain
{
    private const int NotesKept = 20;
    private string? halted;

    public Task PingAsync() => Task.CompletedTask;

    public Task HaltAsync(string haltId)
    {
        halted = haltId;
        return Task.CompletedTask;
    }

    public Task NoteAsync(string text)
    {
        if (halted is not null) throw new InvalidOperationException($"halted by {halted}");
        agent.State.Notes.Add(text);
        if (agent.State.Notes.Count > NotesKept) agent.State.Notes.RemoveAt(0);
        return agent.WriteStateAsync();
    }
}

/// <summary>Answers at once and knows nothing.</summary>
public interface IEmptyGrain : IGrainWithStringKey
{
    Task<string?> GetAsync();
}

public sealed class EmptyGrain : Grain, IEmptyGrain
{
    public Task<string?> GetAsync() => Task.FromResult<string?>(null);
}
