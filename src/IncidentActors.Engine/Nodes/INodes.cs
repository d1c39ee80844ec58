using System.Collections.Immutable;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Nodes;

/// <summary>The nodes of the cluster, this one included. What they say never decides anything; the fence does.</summary>
public interface INodes
{
    /// <summary>Which nodes have closed their gates for a halt. One entry for each node; a node that does not answer is unconfirmed.</summary>
    ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId);

    /// <summary>How many nodes answer, and how many do not.</summary>
    ValueTask<(int Alive, int Silent)> CountAsync();
}
