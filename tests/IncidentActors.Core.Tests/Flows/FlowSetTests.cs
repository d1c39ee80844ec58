using IncidentActors.Core.Flows;

namespace IncidentActors.Core.Tests.Flows;

public class FlowSetTests
{
    [Theory]
    [InlineData("standard")]
    [InlineData("emergency")]
    [InlineData("hotfix")]
    [InlineData("postmortem")]
    [InlineData("review")]
    [InlineData("critical-response")]
    [InlineData("emergency-hotfix")]
    public void The_shipped_flows_load(string name) => Assert.Equal(1, FlowSet.Shipped.Find(name)!.Version);
}
