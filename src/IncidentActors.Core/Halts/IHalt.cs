using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Halts;

/// <summary>One halt. When raising it has been answered, no covered turn is committed any more, anywhere.</summary>
public interface IHalt
{
    /// <summary>Raises or lifts; a refusal is a <see cref="Rejected"/>.</summary>
    Task<Outcome> DoAsync(HaltCommand command, Call call);

    /// <summary>The halt with its confirmations by node and agent, or null: never raised.</summary>
    Task<HaltView?> GetAsync();
}
