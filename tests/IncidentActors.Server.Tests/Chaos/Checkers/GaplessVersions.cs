using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Server.Tests.Chaos.Checkers;

/// <summary>One history per actor: its versions are 1, 2, 3 … without a gap or a repetition.</summary>
internal sealed class GaplessVersions
{
    private readonly Dictionary<ActorId, long> versions = [];

    public void See(StoredEvent one)
    {
        var expected = versions.GetValueOrDefault(one.Actor) + 1;
        Assert.True(one.Version == expected, $"{one.Actor} has version {one.Version} where {expected} was expected");
        versions[one.Actor] = one.Version;
    }
}
