using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Atps;

/// <summary>One ATP. Every command is one atomic turn; the answer comes after the commit.</summary>
public interface IAtp
{
    /// <summary>Applies a command; a refusal is a <see cref="Rejected"/>, never an exception.</summary>
    Task<Outcome> DoAsync(AtpCommand command, Call call);

    /// <summary>The ATP as of the last commit, or null: not created.</summary>
    Task<AtpView?> GetAsync();
}
