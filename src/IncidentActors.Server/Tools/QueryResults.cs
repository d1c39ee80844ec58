using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Turns;
using IncidentActors.Server.Json;

namespace IncidentActors.Server.Tools;

/// <summary>What tools that look have in common, and what a refused writer is shown.</summary>
internal static class QueryResults
{
    public const int DefaultLimit = 100;
    public const int MaxAtOnce = 1000;

    /// <summary>The view, or the refusal if it does not exist.</summary>
    public static Outcome At<T>(T? view, long version, Func<Rejected> unknown)
        where T : class => view is null ? unknown() : new Accepted(ServerJson.Element(view), version);

    /// <summary>Adds the current view to a refusal because of the state.</summary>
    public static async Task<Outcome> WithCurrentAsync<T>(this Task<Outcome> command, Func<Task<T?>> current)
        where T : class
    {
        var outcome = await command;
        if (outcome is not Rejected { Kind: RejectionKind.Conflict, Current: null } rejected) return outcome;
        return await current() is { } view ? rejected with { Current = ServerJson.Element(view) } : rejected;
    }

    /// <summary>The current view of the incident that a command is for; null if there is none.</summary>
    public static Task<IncidentView?> IncidentAsync(this ToolCall call, string? id) =>
        id is null ? Task.FromResult<IncidentView?>(null) : call.Engine.Views.IncidentAsync(id);

    /// <summary>One page of documents as views; a cursor that no page gave is refused.</summary>
    public static async Task<Outcome> ListAsync<TState, TView>(IStore journal, ActorFilter filter, Func<TState, long, Task<TView>> view)
        where TState : IActorState
    {
        ActorPage page;
        try
        {
            page = await journal.ListAsync(filter, CancellationToken.None);
        }
        catch (FormatException)
        {
            return Arguments.Malformed("The argument 'cursor' must be the 'next' of an earlier page, unchanged.");
        }

        var items = new List<TView>(page.Actors.Length);
        foreach (var actor in page.Actors) items.Add(await view(actor.State<TState>(), actor.Version));
        return new Accepted(ServerJson.Element(new Page<TView>([.. items], page.Next)), 0);
    }

    public static Rejected? BadLimit(int? limit) =>
        limit is < 1 or > MaxAtOnce ? Arguments.Malformed($"The argument 'limit' must be 1 to {MaxAtOnce}.") : null;
}
