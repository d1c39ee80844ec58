using System.Collections.Immutable;
using IncidentActors.Core.Halts;

namespace IncidentActors.Engine.Halts;

/// <summary>Which nodes have closed their gates for a halt: this one, or each of a cluster's. What it says never decides anything; the fence does.</summary>
public interface INodeConfirmations
{
    /// <summary>One entry for each node that is known; a node that does not answer is unconfirmed.</summary>
    ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId);
}

/// <summary>This node only.</summary>
internal sealed class ThisNode(HaltGate gate, string node) : INodeConfirmations
{
    public ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId)
    {
        var at = gate.ConfirmedAt(haltId);
        return new([new NodeConfirmation(node, at is not null, at)]);
    }
}
