using IncidentActors.Core.Halts;
using Orleans.Services;

namespace IncidentActors.Silo.Halts;

/// <summary>One silo as far as halts are concerned. There is one on each silo.</summary>
[Alias("incident-actors.halt-node")]
internal interface IHaltNode : IGrainService
{
    /// <summary>Closes the silo's gate for the halt (or opens it, for one that is lifted) and answers when no covered turn is in
    /// flight there any more; unconfirmed when that takes too long.</summary>
    [Alias("learn")]
    Task<NodeConfirmation> LearnAsync(HaltRecord halt);

    /// <summary>Whether the silo has confirmed the halt.</summary>
    [Alias("status")]
    Task<NodeConfirmation> StatusAsync(string haltId);
}
