using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Chaos;

/// <summary>The nodes that clients know of at this moment; it changes while they work.</summary>
internal sealed class Fleet(params ServerProcess[] nodes)
{
    private volatile ServerProcess[] running = nodes;

    public IReadOnlyList<ServerProcess> Running => running;

    public void Join(ServerProcess node) => running = [.. running, node];

    public void Leave(ServerProcess node) => running = [.. Without(node)];

    public IReadOnlyList<ServerProcess> Without(ServerProcess node) => [.. running.Where(other => other != node)];
}
