using System.Collections.Immutable;
using IncidentActors.Core.Halts;
using IncidentActors.Engine.Halts;

namespace IncidentActors.Engine.Nodes;

/// <summary>Confirmations of all nodes on one journal: this one's from its gate, the others' from their last beats.</summary>
internal sealed class RegisteredNodes(HaltGate gate, string self, INodeRegistry registry) : INodeConfirmations
{
    public async ValueTask<ImmutableArray<NodeConfirmation>> OfAsync(string haltId)
    {
        var nodes = await registry.NodesAsync(CancellationToken.None);
        return [.. nodes.Select(node => node.Node == self ? Own(haltId) : Other(node, haltId)).OrderBy(node => node.Node, StringComparer.Ordinal)];
    }

    private NodeConfirmation Own(string haltId)
    {
        var at = gate.ConfirmedAt(haltId);
        return new NodeConfirmation(self, at is not null, at);
    }

    /// <summary>A silent node is unconfirmed since it was last heard, whatever it said before: it may have come back with turns in flight.</summary>
    private static NodeConfirmation Other(RegisteredNode node, string haltId) =>
        node.Silent <= Heartbeat.SilentAfter && node.Confirmed.TryGetValue(haltId, out var at)
            ? new NodeConfirmation(node.Node, true, at)
            : new NodeConfirmation(node.Node, false, node.SeenAt);
}
