using IncidentActors.Behaviour;

namespace IncidentActors.Engine.Tests.Flows;

public sealed class HaltTests : HaltSuite
{
    protected override Task<IBench> StartAsync() => Task.FromResult<IBench>(new TestEngine());
}
