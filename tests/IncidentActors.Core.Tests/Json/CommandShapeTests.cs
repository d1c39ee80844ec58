using System.Reflection;
using System.Text.Json.Serialization;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Tests.Json;

public class CommandShapeTests
{
    /// <summary>A command is hashed as an <see cref="ICommand"/> for its idempotency key; one that the list lacks fails in every keyed call.</summary>
    [Fact]
    public void Every_command_is_written_as_a_command()
    {
        var written = typeof(ICommand).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(one => one.DerivedType).ToHashSet();
        var commands = typeof(ICommand).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ICommand))).ToList();
        Assert.NotEmpty(commands);
        Assert.Empty(commands.Where(command => !written.Contains(command)).Select(command => command.Name));
    }
}
