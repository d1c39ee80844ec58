using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Incidents;

/// <summary>One incident. Every command is one atomic turn; the answer comes after the commit.</summary>
public interface IIncident
{
    /// <summary>Applies a command; a refusal is a <see cref="Rejected"/>, never an exception.</summary>
    Task<Outcome> DoAsync(IncidentCommand command, Call call);

    /// <summary>The incident as of the last commit, or null: not declared.</summary>
    Task<IncidentView?> GetAsync();
}
