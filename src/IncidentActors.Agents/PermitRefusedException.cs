using IncidentActors.Core.Decisions;

namespace IncidentActors.Agents;

/// <summary>The journal does not allow the outside action now.</summary>
public sealed class PermitRefusedException : Exception
{
    internal PermitRefusedException(Rejected refusal)
        : base($"The permit is refused by {refusal.Rule}: {refusal.Sentence}") => Refusal = refusal;

    /// <summary>Rule, sentence, and what meets the rule.</summary>
    public Rejected Refusal { get; }
}
