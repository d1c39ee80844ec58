using IncidentActors.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IncidentActors.Behaviour;

/// <summary>A behaviour that every engine shows, here in a cluster; skipped where what its class needs is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IncidentActors.Behaviour.BehaviourFactDiscoverer", "IncidentActors.Silo.Tests")]
public sealed class BehaviourFactAttribute : FactAttribute;

public sealed class BehaviourFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new SuiteTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}
