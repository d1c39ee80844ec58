using IncidentActors.Testing;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IncidentActors.Engine.Tests.Journals;

/// <summary>A promise of the journal, checked for every binding; skipped, with the reason, where the binding's store is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("IncidentActors.Engine.Tests.Journals.JournalFactDiscoverer", "IncidentActors.Engine.Tests")]
public sealed class JournalFactAttribute : FactAttribute;

public sealed class JournalFactDiscoverer(IMessageSink sink) : FactDiscoverer(sink)
{
    protected override IXunitTestCase CreateTestCase(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new JournalTestCase(
            DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod);
}

public sealed class JournalTestCase : XunitTestCase
{
    [Obsolete("Called by the de-serializer only.")]
    public JournalTestCase()
    {
    }

    public JournalTestCase(IMessageSink sink, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
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
