using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IncidentActors.Testing;

/// <summary>A promise of the journal, checked for every binding; skipped, with the reason, where the binding's store is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IncidentActors.Testing.SuiteFactDiscoverer", "IncidentActors.Testing")]
public sealed class SuiteFactAttribute : FactAttribute;

public sealed class SuiteFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new SuiteTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class SuiteTestCase : XunitTestCase
{
    [Obsolete("Called by the de-serializer only.")]
    public SuiteTestCase()
    {
    }

    public SuiteTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(sink, display, options, method)
    {
    }

    protected override string? GetSkipReason(IAttributeInfo factAttribute)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true") return null;
        var needs = TestMethod.TestClass.Class.ToRuntimeType().GetCustomAttributes(typeof(NeedsAttribute), inherit: true);
        return needs.Cast<NeedsAttribute>().Select(need => need.Missing).FirstOrDefault(missing => missing is not null);
    }
}
